"""The parts of a run. Each is a process of its own: what one keeps in memory does not weigh on the next."""
