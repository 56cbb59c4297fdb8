"""Estimators: one question a file, pure functions, each citing its source."""
