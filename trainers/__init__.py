"""Distillation methods, how their rows are encoded, the one trainer, and the students."""
