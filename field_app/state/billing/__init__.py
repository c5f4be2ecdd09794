"""Money on the screen: customers, invoices, contracts, and what is owed at a door."""
