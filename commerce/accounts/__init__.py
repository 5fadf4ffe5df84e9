"""Who works here and who signs in: the user model."""
