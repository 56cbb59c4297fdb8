"""The reasoning space: how widely rationales differ, whether they agree, whether they matter."""
