"""What lies behind the signed URLs, computed when it is read."""
