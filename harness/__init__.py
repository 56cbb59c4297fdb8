"""Experiments that run, resume and scale, and the `cascod` command."""
