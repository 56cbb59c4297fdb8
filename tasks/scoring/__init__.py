"""What an answer is and whether it is right."""
