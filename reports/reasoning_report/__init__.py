"""The reasoning space of a run: sampled and probed questions measured, compared, told in words."""
