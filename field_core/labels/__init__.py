"""From the texts of a label (codes, OCR, typed) to the identity of a device."""

from field_core.labels.model import Field, Found, Label, LabelText, Provenance, Refused, Wifi
from field_core.labels.parsing import parse_label
from field_core.labels.redaction import redacted

__all__ = [
    "Field",
    "Found",
    "Label",
    "LabelText",
    "Provenance",
    "Refused",
    "Wifi",
    "parse_label",
    "redacted",
]
