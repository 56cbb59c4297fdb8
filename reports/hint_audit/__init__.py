"""Spurious hints: can the answer be told from how the question is worded?"""
