"""Gates that look more than once: at more items and seeds of one candidate, or at every night's."""
