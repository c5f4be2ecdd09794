"""Labels: what they say, what they must never be taken to say, and what is kept."""
