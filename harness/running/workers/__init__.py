"""Who does the work of the cells: this process, others on this machine, a Ray cluster."""
