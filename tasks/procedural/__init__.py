"""Procedural questions with several valid rationales each: generators, checks, noise, test axes."""
