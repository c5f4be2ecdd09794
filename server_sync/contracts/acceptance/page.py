"""The page on which a customer reads a contract and decides: drawn without script."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from server_sync.billing.page import page_css, public_headers
from server_sync.billing.printed import Company
from server_sync.billing.rendering import templates
from server_sync.billing.words import say

_NOTHING: Final[Mapping[str, Any]] = {
    "error": None, "lines": (), "text": None, "text_language": "fr", "document": None,
    "form": None, "other": None,
}  # fmt: skip


@dataclass(frozen=True)
class AcceptPage:
    """Draws each state of the page."""

    company: Company
    path: str
    """Where it is served, without a host."""

    def reading(
        self, text: str, token: str, language: str, *, text_language: str, at: str,
        has_error: bool = False,
    ) -> str:  # fmt: skip
        """The contract, word for word as it is hashed, and the decision.

        at: a sealed time, which tells how long the page was open.
        """
        tongue = "fr" if language == "en" else "en"
        form = {
            "action": f"{self.path}/decide",
            "token": token,
            "at": at,
            **{key: say(language, f"accept.{key}")
               for key in ("consent", "accept", "refuse", "correct")},
        }  # fmt: skip
        return self._html(
            language,
            "accept.title",
            text=text,
            text_language=text_language,
            form=form,
            error=say(language, "accept.consent_missing") if has_error else None,
            document=self._document(token, language),
            other={
                "href": f"{self.path}?{urlencode({'t': token, 'lang': tongue})}",
                "lang": tongue,
                "text": say(language, "pay.other_language"),
            },
        )

    def accepted(self, token: str, language: str) -> str:
        """It is done; the customer's copy is here too."""
        lines = (say(language, "accept.accepted_text"),)
        document = self._document(token, language)
        return self._html(language, "accept.accepted_title", lines=lines, document=document)

    def refused(self, language: str) -> str:
        """The customer said no."""
        lines = (say(language, "accept.refused_text"),)
        return self._html(language, "accept.refused_title", lines=lines)

    def over(self, language: str) -> str:
        """The one answer to every link that leads to nothing that may be decided."""
        lines = (say(language, "accept.over_text"),)
        return self._html(language, "accept.over_title", lines=lines)

    def headers(self) -> dict[str, str]:
        """Like the pay page's; forms go to ourselves alone."""
        return public_headers("'self'")

    def _document(self, token: str, language: str) -> Mapping[str, str]:
        href = f"{self.path}/document?{urlencode({'t': token})}"
        return {"href": href, "text": say(language, "accept.pdf")}

    def _html(self, language: str, title: str, **facts: Any) -> str:  # noqa: ANN401 - what the template shows
        return (
            templates()
            .get_template("accept.html")
            .render(
                language=language,
                company=self.company,
                css=page_css(),
                title=say(language, title),
                help=say(language, "pay.help", phone=self.company.phone),
                **{**_NOTHING, **facts},
            )
        )
