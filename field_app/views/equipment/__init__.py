"""Equipment at a place: what stands there, put in, swapped, taken out."""
