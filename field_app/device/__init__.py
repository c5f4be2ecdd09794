"""What differs from one machine to the next: clock, ids, folders, secrets, free space."""
