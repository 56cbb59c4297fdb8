"""How a student writes: token by token, many requests at once."""
