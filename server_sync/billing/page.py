"""The public pay page: what is shown in each situation, drawn without script, and its own CSP."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from field_core.date_words import in_words
from field_core.money import from_cents
from field_core.money_text import write_amount
from server_sync.billing.printed import Company
from server_sync.billing.rendering import templates
from server_sync.billing.words import say

_CHECKOUT: Final = "https://checkout.stripe.com"
_WORDS: Final = ("amount", "secure", "channel", "sms", "email", "last4", "ask", "ppa_anyway", "go")


@dataclass(frozen=True, slots=True)
class Owing:
    """An invoice as its bearer may see it: no address, no telephone number, one initial."""

    invoice: str
    initial: str
    issued: date
    due: date | None
    total: Decimal
    owed_cents: int
    least_cents: int
    paid_on: date | None = None
    ppa_on: date | None = None


@dataclass(frozen=True, slots=True)
class View:
    """One state of the page: an HTTP status and what the template needs."""

    status: int
    title: str
    lines: tuple[str, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Pages:
    """Draws the page for one company."""

    company: Company
    path: str
    """Where the page is served, without a host."""
    is_bench: bool

    # --- views

    def summary(self, owing: Owing, token: str, language: str, *, error: str | None = None) -> View:
        """What is owed, and the form to pay it or a part of it."""
        rows = self._rows(owing, language)
        least, most = (
            write_amount(from_cents(cents), language)
            for cents in (owing.least_cents, owing.owed_cents)
        )
        ppa = (
            say(language, "pay.ppa", date=in_words(owing.ppa_on, language))
            if owing.ppa_on
            else None
        )
        pay = {
            "action": f"{self.path}/checkout",
            "token": token,
            "amount": write_amount(from_cents(owing.owed_cents), language),
            "help": say(language, "pay.amount_help", least=least, most=most),
            "ppa": ppa,
        }
        hello = (say(language, "pay.hello", initial=owing.initial),) if owing.initial else ()
        more = {"rows": rows, "pay": pay, "error": error}
        status = 422 if error else 200
        return View(status, say(language, "pay.title"), hello, more)

    def paid(self, owing: Owing, language: str) -> View:
        """Nothing is owed any more."""
        when = (
            (say(language, "pay.paid_on", date=in_words(owing.paid_on, language)),)
            if owing.paid_on
            else ()
        )
        lines = (say(language, "pay.paid_text"), *when)
        rows = self._rows(owing, language)[:1]
        return View(200, say(language, "pay.paid_title"), lines, {"rows": rows})

    def pending(self, language: str) -> View:
        """Stripe has not confirmed yet; the page looks again by itself."""
        lines = (say(language, "pay.pending_text"), say(language, "pay.refresh"))
        return View(200, say(language, "pay.pending_title"), lines, {"refresh": True})

    def processing(self, language: str) -> View:
        """A bank debit takes days."""
        lines = (say(language, "pay.processing_text"),)
        return View(200, say(language, "pay.pending_title"), lines)

    def confirmed(self, language: str) -> View:
        """Stripe has confirmed this payment: perhaps a part, perhaps not in the ERP yet."""
        lines = (say(language, "pay.confirmed_text"),)
        return View(200, say(language, "pay.confirmed_title"), lines)

    def failed(self, language: str, token: str) -> View:
        """A debit that did not pass, or a session that ended."""
        link = {
            "href": f"{self.path}?{urlencode({'t': token})}",
            "text": say(language, "pay.again"),
        }
        lines = (say(language, "pay.failed_text"),)
        return View(200, say(language, "pay.failed_title"), lines, {"link": link})

    def expired(self, token: str, language: str) -> View:
        """The paper is genuine and old: no detail of the invoice, and a way to a new link."""
        ask = {"action": f"{self.path}/link", "token": token}
        lines = (say(language, "pay.expired_text"),)
        return View(410, say(language, "pay.expired_title"), lines, {"ask": ask})

    def asked(self, language: str) -> View:
        """The one answer to whoever asks for a link."""
        return View(202, say(language, "pay.asked_title"), (say(language, "pay.asked_text"),))

    def refused(self, language: str) -> View:
        """The one answer to every link that is not genuine."""
        return View(404, say(language, "pay.refused_title"), (say(language, "pay.refused_text"),))

    def slow(self, language: str, wait_s: int) -> View:
        """Too many tries from one address."""
        minutes = str(-(-wait_s // 60))
        lines = (say(language, "pay.slow_text", minutes=minutes),)
        return View(429, say(language, "pay.slow_title"), lines)

    def away(self, language: str) -> View:
        """Stripe or the ERP cannot be reached."""
        return View(503, say(language, "pay.away_title"), (say(language, "pay.away_text"),))

    def bench(self, session: dict[str, Any], action: str) -> View:
        """The stand-in's own page: three outcomes and a way back."""
        language = "en" if session.get("locale") == "en" else "fr"
        amount = write_amount(from_cents(session["amount_total"]), language)
        rows = [{"label": session["title"], "text": amount, "strong": True}]
        names = ("card", "debit_ok", "debit_fails")
        acts = [
            *(
                {"action": action, "name": n, "text": say(language, f"bench.{n}"), "quiet": False}
                for n in names
            ),
            {"action": action, "name": "leave", "text": say(language, "bench.back"), "quiet": True},
        ]
        lines = (say(language, "bench.text"),)
        return View(200, say(language, "bench.title"), lines, {"rows": rows, "acts": acts})

    def _rows(self, owing: Owing, language: str) -> list[dict[str, Any]]:
        def row(label: str, text: str, *, strong: bool = False) -> dict[str, Any]:
            return {"label": label, "text": text, "strong": strong}

        said = [
            row(say(language, "pay.number"), owing.invoice),
            row(say(language, "pay.issued"), in_words(owing.issued, language)),
        ]
        if owing.due:
            said.append(row(say(language, "pay.due_date"), in_words(owing.due, language)))
        owed = write_amount(from_cents(owing.owed_cents), language)
        return [
            *said,
            row(say(language, "pay.total"), write_amount(owing.total, language)),
            row(say(language, "pay.due"), owed, strong=True),
        ]

    # --- drawing

    def html(self, view: View, language: str, *, other: str | None = None) -> str:
        """Draw a view; other: the query of this page in the other language."""
        facts = {
            "refresh": False, "rows": [], "pay": None, "ask": None, "acts": [], "link": None,
            "error": None,
        } | view.more  # fmt: skip
        tongue = "fr" if language == "en" else "en"
        turn = {"href": other, "lang": tongue, "text": say(language, "pay.other_language")}
        return (
            templates()
            .get_template("pay.html")
            .render(
                language=language,
                company=self.company,
                css=page_css(),
                title=view.title,
                lines=view.lines,
                notice=say(language, "pay.test") if self.is_bench else None,
                other=turn if other else None,
                help=say(language, "pay.help", phone=self.company.phone),
                words={key: say(language, f"pay.{key}") for key in _WORDS},
                **facts,
            )
        )

    def headers(self) -> dict[str, str]:
        """Nothing but this page's own style, and forms to ourselves and to Stripe."""
        return public_headers("'self'" if self.is_bench else f"'self' {_CHECKOUT}")


def public_headers(form_targets: str) -> dict[str, str]:
    """Return the headers of a public page: its own style alone, kept and framed by nobody."""
    digest = b64encode(hashlib.sha256(page_css().encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action {form_targets}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }


@cache
def page_css() -> str:
    """Return the one style sheet of the public pages."""
    return (Path(__file__).parent / "templates" / "pay.css").read_text(encoding="utf-8").strip()
