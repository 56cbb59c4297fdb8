"""Tools of development, no part of the distribution."""
