"""A device's label in front of the camera: from codes to its identity, to be used or not."""
