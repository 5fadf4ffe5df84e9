"""The newsletter's addresses at the desk."""
