"""The scanner as it is drawn, and what is counted with it."""
