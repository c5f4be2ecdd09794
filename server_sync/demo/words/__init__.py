"""Words, places and goods that the demo company is made of; data alone."""
