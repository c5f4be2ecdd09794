"""« Facture TARGO » for ERPNext: the same template, over the same data, drawn by the site's Chrome.

The data are those of the archived paper: this server writes them to the invoice (`facture_data`),
link and referral code included, since a Print Format has neither key. What differs there: margins
come from the Print Format, page numbers and the CPRST's lines from Frappe's footer, and the font
is the site's.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from server_sync.erp.setup.print_format import WantedFormat

NAME: Final = "Facture TARGO"
FIELD: Final = "facture_data"
_TEMPLATE: Final = Path(__file__).parent / "templates" / "facture.html"
_BEFORE: Final = f'{{%- set facture = json.loads(doc.{FIELD} or "null") -%}}\n{{%- if facture %}}\n'
_AFTER: Final = """
{%- else %}
<p>Les données de cette facture arrivent quelques minutes après sa soumission.</p>
{%- endif %}
"""


def wanted_format() -> WantedFormat:
    """Return the Print Format as `server-sync erp install` makes it."""
    html = f"{_BEFORE}{_TEMPLATE.read_text(encoding='utf-8')}{_AFTER}"
    return WantedFormat(NAME, "Sales Invoice", html, top_mm=5, bottom_mm=16, side_mm=15)


def data_of(facture: Mapping[str, Any]) -> str:
    """Return what the site's template draws: ours, without what only our engine reads."""
    return json.dumps({**facture, "css": None}, ensure_ascii=False, separators=(",", ":"))
