"""Checks of any chain, one a file: `check(chain)` says what is bad about it, None if nothing is."""
