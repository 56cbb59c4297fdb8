"""The problem side: records, answers and their scoring, benchmarks, generators, lm-eval tasks."""
