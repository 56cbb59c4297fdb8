"""Independent checks: every rationale is read and executed again, without the generators."""
