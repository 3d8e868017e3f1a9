"""The window: everything Qt lives in this package and nowhere else."""
