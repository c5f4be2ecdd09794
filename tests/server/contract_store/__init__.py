"""What the store promises, asked of every database it runs on."""
