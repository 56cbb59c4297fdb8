"""Layouts: how a question becomes the start of a student's turn, what ends the turn, where a
rationale may hide.
"""
