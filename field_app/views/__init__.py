"""What is drawn: screens as functions of their state, texts through the catalogue."""
