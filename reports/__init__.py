"""Sample logs in, claims out: statistics, tables, figures and the report."""
