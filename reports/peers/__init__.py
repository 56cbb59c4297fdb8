"""Other packages that compare two systems, asked about the same simulated runs as ours."""
