"""When a student pays: what collecting, training and answering took, in money."""
