"""The ERP side against the embedded ERP: the same dialect as a real site, no mocks."""
