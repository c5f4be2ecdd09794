"""Data to paper: the template, the QR code, and WeasyPrint, which reads what it is given alone.

The same data give the same bytes. WeasyPrint needs Pango of the system; where that is missing the
import fails, and whoever asks for a PDF hears so.
"""

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import jinja2

from field_core.problems import ProblemError

_HERE: Final = Path(__file__).parent
_FONTS: Final = {400: "B612-Regular.otf", 700: "B612-Bold.otf"}
"""15 % of the code may be soiled: a fold or a coffee ring on a printed invoice."""


@cache
def templates() -> jinja2.Environment:
    """Return the templates; an unknown name is a mistake, not an empty text."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def facture_html(facture: Mapping[str, Any]) -> str:
    """Return the invoice as HTML, for a preview where PDF cannot be made."""
    return templates().get_template("facture.html").render(facture=facture)


def facture_pdf(facture: Mapping[str, Any]) -> bytes:
    """Return the invoice as PDF; raises ProblemError `pdf-unavailable` without Pango."""
    return pdf_of(facture_html(facture))


def pdf_of(html: str) -> bytes:
    """Return a page of ours as PDF; raises ProblemError `pdf-unavailable` without Pango."""
    try:
        import weasyprint  # noqa: PLC0415  # half a second and Pango: only who prints needs them
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 - loads Pango
        from weasyprint.urls import URLFetcher  # noqa: PLC0415 - same
    except OSError as error:
        raise ProblemError("pdf-unavailable") from error
    fetcher = URLFetcher(allowed_protocols={"data"})
    fonts = FontConfiguration()
    style = weasyprint.CSS(string=_font_faces(), font_config=fonts, url_fetcher=fetcher)
    page = weasyprint.HTML(string=html, url_fetcher=fetcher)
    made: bytes = page.write_pdf(stylesheets=[style], font_config=fonts)
    return made


@cache
def _font_faces() -> str:
    """One bundled family: a system's own fonts would print another invoice on another machine."""
    faces = []
    for weight, file in _FONTS.items():
        data = b64encode((_HERE / "fonts" / file).read_bytes()).decode()
        source = f"font-weight:{weight};src:url(data:font/otf;base64,{data})"
        faces.append(f"@font-face{{font-family:Facture;{source}}}")
    return "".join(faces)
