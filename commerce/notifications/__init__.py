"""What shoppers and staff are told by mail."""
