"""What is asked of customers' devices through the office, and what was measured here."""
