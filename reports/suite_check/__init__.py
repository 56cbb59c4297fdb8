"""Is a suite a good one? Leaks, distance from the training questions, biases, golds, resolution."""
