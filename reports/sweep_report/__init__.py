"""The report of a sweep: a curve for every method over the values of one key."""
