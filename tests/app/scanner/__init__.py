"""The scanner: decoders, views, votes, the cascade, and real photos."""
