"""What is drawn: screens, widgets and theme, each a function of a state model."""
