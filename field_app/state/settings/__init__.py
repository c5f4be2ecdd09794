"""What a person chooses, what the app says of itself, and the way out."""
