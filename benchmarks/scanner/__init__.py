"""The scanner, measured: on real photos, on seeded phone frames, across folds, and by bad input."""
