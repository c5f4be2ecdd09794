"""The server's own memory: documents, feed, outcomes, accounts; one schema for both databases."""
