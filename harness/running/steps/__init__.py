"""What is done for one cell, a step a file."""
