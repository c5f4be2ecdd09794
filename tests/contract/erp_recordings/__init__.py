"""The embedded ERP answers like the recorded ERPNext site."""
