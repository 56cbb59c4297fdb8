"""Any logged systems against one another: `cascod compare` and `cascod gate`."""
