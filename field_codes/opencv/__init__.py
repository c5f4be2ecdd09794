"""OpenCV: what makes a code easier to read, where labels lie, and its own two decoders."""
