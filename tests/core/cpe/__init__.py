"""The reading of customer equipment: samples, families, units, verdicts."""
