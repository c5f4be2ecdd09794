"""Programs that measurements need: a data set made from a seed, and a bad mobile link."""
