"""The report of a grid, a sweep at every value of a second key: one difference as a surface."""
