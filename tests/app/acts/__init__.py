"""Acts: kept whole in one transaction, or refused with nothing stored."""
