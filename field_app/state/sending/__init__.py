"""What is on its way: the outbox, the sync line, and what a person must decide."""
