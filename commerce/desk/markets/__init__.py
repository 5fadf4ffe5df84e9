"""Markets at the desk."""
