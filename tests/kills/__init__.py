"""Real processes, killed with SIGKILL at random times: what was said to be saved must be there."""
