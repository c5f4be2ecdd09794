"""Tests of the server's blobs."""
