"""The customer's signature: what is signed, and the strokes."""
