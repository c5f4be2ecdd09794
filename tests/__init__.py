"""What the project promises, from a single rule to a whole working day."""
