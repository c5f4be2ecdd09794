"""The house itself: layers, packaging, documents and dependencies."""
