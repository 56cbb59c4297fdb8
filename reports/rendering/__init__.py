"""Tables, charts and pages: the same content on a terminal and in every file."""
