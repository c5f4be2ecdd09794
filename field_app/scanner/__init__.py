"""From a photo to the codes in it: several decoders over several views, until enough is read."""

from field_app.scanner.beside import BesideScanner
from field_app.scanner.reading import read_beside, read_codes, read_picture
from field_codes.cascade import Reading
from field_codes.codes import Code, Symbology
from field_codes.opening import Picture
from field_codes.reading import installed

__all__ = [
    "BesideScanner",
    "Code",
    "Picture",
    "Reading",
    "Symbology",
    "installed",
    "read_beside",
    "read_codes",
    "read_picture",
]
