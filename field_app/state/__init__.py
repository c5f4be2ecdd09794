"""What a screen shows and can do, as plain Python that any test can drive."""
