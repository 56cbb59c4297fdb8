"""What `cascod gate` does: once, by a plan, or night by night."""
