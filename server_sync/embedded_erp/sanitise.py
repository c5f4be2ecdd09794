"""Rewriting HTML in text fields, as Frappe does on every save.

Text without a tag is left alone ("5 < 6" survives). Text with a tag is parsed: scripts and styles
go with their content, unknown tags go and leave their text, loose `<` and `&` are escaped, CRLF
becomes LF. Source: `frappe.utils.html_utils.sanitize_html`, seen in rec:update_text_is_sanitised.
"""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser

_TAG = re.compile(r"<[a-zA-Z/!][^>]*>")
_SILENT = frozenset({"script", "style", "iframe", "object", "embed"})
_KEPT = frozenset(
    re.findall(
        r"\w+",
        "a abbr b blockquote br caption code col colgroup dd del div dl dt em figure h1 h2 h3 "
        "h4 h5 h6 hr i img ins kbd li mark ol p pre q s small span strike strong sub sup table "
        "tbody td tfoot th thead tr u ul ",
    )
)
_SAFE_ATTRIBUTES = frozenset(
    re.findall(
        r"\w+",
        "align alt class colspan height href id rowspan src style title width ",
    )
)
_SAFE_REL = ' rel="noopener noreferrer"'


def clean(text: str) -> str:
    """`text` with its HTML made harmless; the same object when nothing looks like HTML."""
    if "<" not in text and ">" not in text:
        return text
    if not _TAG.search(text) or _is_json(text):
        return text
    parser = _Cleaner()
    parser.feed(text.replace("\r\n", "\n"))
    parser.close()
    return "".join(parser.out)


def _is_json(text: str) -> bool:
    if text[:1] not in {"{", "["}:
        return False
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


class _Cleaner(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _KEPT and not self._silent:
            rel = _SAFE_REL if tag == "a" else ""
            self.out.append(f"<{tag}{_attributes(attrs)}{rel}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _KEPT and not self._silent:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.out.append(html.escape(data, quote=False))


def _attributes(attrs: list[tuple[str, str | None]]) -> str:
    kept = [
        (name, value or "")
        for name, value in attrs
        if name in _SAFE_ATTRIBUTES and not (value or "").strip().lower().startswith("javascript:")
    ]
    return "".join(f' {name}="{html.escape(value)}"' for name, value in kept)
