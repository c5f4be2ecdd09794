"""The demo company: whole, consistent, repeatable, and nobody real."""
