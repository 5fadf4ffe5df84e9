"""What staff do in the Wagtail admin beyond content."""
