"""Codes in pictures, for both programs: decoders over views of a picture, until enough is read.

The app looks with what its device has; the server looks again with all of them before it asks
anybody else. Neither's own: it knows the core and the vendors' decoders, no clock and no file but
the one that it is given.
"""

from field_codes.cascade import Enough, Reading
from field_codes.codes import Code, Symbology
from field_codes.opening import Picture
from field_codes.reading import installed, read

__all__ = ["Code", "Enough", "Picture", "Reading", "Symbology", "installed", "read"]
