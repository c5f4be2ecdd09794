"""The clerk's desk: what its screens read on demand."""
