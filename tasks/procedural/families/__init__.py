"""The generator families, one a file."""
