"""The reasoning space: how widely rationales differ, how consistent they are, whether they
matter.
"""
