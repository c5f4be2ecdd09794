"""The ERP side over real sockets, through a proxy that does what happens on a bad day."""
