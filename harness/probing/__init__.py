"""Is the answer preset? What a student would answer without its rationale, or with another one."""
