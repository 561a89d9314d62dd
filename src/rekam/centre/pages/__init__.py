"""What the centre's staff see and do in a browser."""
