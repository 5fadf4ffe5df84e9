"""What ./dev does. Standard library only and Python 3.8 syntax: this runs before anything is installed."""
