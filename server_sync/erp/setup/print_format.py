"""A Print Format that a site is given: compared by what it draws and by its margins."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from server_sync.erp.setup.plan import Insert, Step, Update

Row = Mapping[str, Any]
DOCTYPE: Final = "Print Format"


@dataclass(frozen=True, slots=True)
class WantedFormat:
    """One Print Format, drawn by Chrome from Jinja; margins in millimetres."""

    name: str
    doctype: str
    html: str
    top_mm: int
    bottom_mm: int
    side_mm: int

    def form(self) -> dict[str, Any]:
        """Return it as ERPNext takes it; page margins count from these fields, not from CSS."""
        return {
            "doc_type": self.doctype,
            "standard": "No",
            "custom_format": 1,
            "print_format_type": "Jinja",
            "pdf_generator": "chrome",
            "html": self.html,
            "margin_top": self.top_mm,
            "margin_bottom": self.bottom_mm,
            "margin_left": self.side_mm,
            "margin_right": self.side_mm,
        }


def steps(present: Mapping[str, Row], wanted: Sequence[WantedFormat]) -> Iterator[Step]:
    """Yield what makes the site's formats the wanted ones."""
    for one in wanted:
        form, have = one.form(), present.get(one.name)
        if have is None:
            act = Insert(DOCTYPE, {"name": one.name, **form})
            yield Step("create format", one.name, one.doctype, act)
        elif changed := {k: v for k, v in form.items() if have.get(k) != v}:
            what = ", ".join(sorted(changed))
            yield Step("change format", one.name, what, Update(DOCTYPE, one.name, changed))
