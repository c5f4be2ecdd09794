"""From a photo to the codes in it: several decoders over several views, until enough is read."""

from field_app.scanner.cascade import Reading
from field_app.scanner.codes import Code, Symbology
from field_app.scanner.opening import Picture
from field_app.scanner.reading import installed, read_beside, read_codes, read_picture

__all__ = [
    "Code",
    "Picture",
    "Reading",
    "Symbology",
    "installed",
    "read_beside",
    "read_codes",
    "read_picture",
]
