"""Several systems in order, with groups that cannot be told apart: `cascod rank`."""
