"""CoT records and completions: read, checked, imported, split, scored again."""
