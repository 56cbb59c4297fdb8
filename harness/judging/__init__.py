"""A model asked which step of each rationale is the first wrong one."""
