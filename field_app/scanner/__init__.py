"""From a photo to the codes and labels in it."""
