"""Invoices, payments and payment links, against an embedded ERP."""
