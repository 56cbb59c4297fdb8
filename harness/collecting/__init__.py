"""A teacher's chains of thought, asked for from an OpenAI-compatible server and kept as records."""
