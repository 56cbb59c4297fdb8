"""Logged samples, whoever wrote them, as systems on common items."""
