"""The students: where they come from, and those that are built here."""
