"""Verifiers: one kind of question a file, each executes a rationale's steps again."""
