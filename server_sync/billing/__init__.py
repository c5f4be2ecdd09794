"""Invoices as paper, and money that comes back: statement, PDF, archive, payments, pay links."""
