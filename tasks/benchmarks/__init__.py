"""Adapters from published benchmarks to problems, one benchmark a file."""
