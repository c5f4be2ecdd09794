"""Drawing of customers, invoices, contracts, and the payment at a door."""
