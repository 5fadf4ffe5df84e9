"""Tax rates and exemptions at the desk."""
