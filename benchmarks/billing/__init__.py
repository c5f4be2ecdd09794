"""Proofs and figures of billing: a storm of payments, abuse of public pages, papers, tokens."""
