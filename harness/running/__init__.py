"""Experiments: what they hold, their cells, and how these run and resume."""
