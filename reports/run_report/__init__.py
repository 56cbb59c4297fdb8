"""The report of a run: what was planned, what came out, what holds."""
