"""Money, links, codes and contracts: the rules behind an invoice."""
