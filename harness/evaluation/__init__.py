"""A student asked on suites through lm-eval, and what comes of it on disk."""
