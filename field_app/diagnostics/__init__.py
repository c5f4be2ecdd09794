"""Probes of a customer's equipment, and what runs them within time and count limits."""
