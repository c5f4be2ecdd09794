"""The server that devices exchange work with, and its side of the ERP."""
