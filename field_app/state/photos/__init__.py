"""Photos of a job: taken or chosen, shown with the state of each."""
