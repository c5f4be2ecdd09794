"""A statement in words: the plain data that the template « Facture TARGO » draws, and nothing else.

Texts, lists and mappings only, so that ERPNext can draw the same template as a Print Format.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from field_core.date_words import in_words
from field_core.money import ZERO
from field_core.money_text import NO_BREAK, write_amount
from field_core.service_period import period_text
from server_sync.billing.statement import Charge, Place, Statement
from server_sync.billing.words import say

_ENGLISH_TAX: Final = {"TPS": "GST", "TVQ": "QST"}


@dataclass(frozen=True, slots=True)
class Company:
    """Who sends the invoice."""

    name: str
    address: str
    phone: str
    tps_number: str
    tvq_number: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the address lies on the page, in millimetres: envelopes differ."""

    address_top_mm: float = 50.0
    address_left_mm: float = 22.0


def printed(
    told: Statement,
    *,
    company: Company,
    layout: Layout,
    qr: str | None,
    referral_code: str | None,
) -> dict[str, Any]:
    """Return the data of the template; qr: an image as a data URI."""
    language = told.language

    def word(key: str, **values: str) -> str:
        return say(language, f"invoice.{key}", **values)

    def money(amount: Decimal) -> str:
        return write_amount(amount, language)

    is_credit = told.amount_due < 0
    by = in_words(told.due, language) if told.due and told.amount_due > 0 else None
    has_balance = told.summary is not None and told.summary.carried != 0
    return {
        "language": language,
        "company": {
            "name": company.name,
            "address": [line.strip() for line in company.address.split(";")],
            "phone": company.phone,
        },
        "recipient": list(told.recipient),
        "address_top_mm": layout.address_top_mm,
        "address_left_mm": layout.address_left_mm,
        "meta": [
            {"label": word("account"), "text": told.account},
            {"label": word("date"), "text": in_words(told.issued, language)},
            {"label": word("number"), "text": told.invoice},
        ],
        "due": {
            "label": word("credit") if is_credit else word("due"),
            "text": money(abs(told.amount_due)),
            "by": word("due_by", date=by) if by else None,
        },
        "summary": _summary(told),
        "places": [_place(place, language) for place in told.places],
        "totals": [
            {"label": word("net"), "text": money(told.net), "number": None},
            *({"label": _tax(t.name, t.rate, language), "text": money(t.amount),
               "number": _number(t.name, company, language)} for t in told.taxes),
        ],
        "total": {"label": word("total"), "text": money(told.total)},
        "qr": qr,
        "scan_amount": word("scan_amount", amount=money(told.total)) if has_balance else None,
        "referral_code": referral_code,
        "words": {
            key: word(key)
            for key in ("title", "charges", "pay", "scan", "referral", "referral_text",
                        "conditions", "conditions_text", "contact")
        },
        "continued": word("continued", invoice=told.invoice),
        "footer": {"cprst": word("cprst"), "page": _page_words(language)},
        "css": {
            "cprst": _css(word("cprst")),
            "continued": _css(word("continued", invoice=told.invoice)),
            "page": [_css(text) for text in _page_words(language)],
        },
    }  # fmt: skip


def _summary(told: Statement) -> dict[str, Any] | None:
    found, language = told.summary, told.language
    if found is None:
        return None
    rows = [
        ("previous", found.previous),
        ("payments", ZERO - found.payments),
        ("carried", found.carried),
    ]
    return {
        "title": say(language, "invoice.summary"),
        "rows": [
            {"label": say(language, f"invoice.{key}"), "text": write_amount(amount, language)}
            for key, amount in rows
        ],
    }


def _place(place: Place, language: str) -> dict[str, Any]:
    return {
        "title": place.title or say(language, "invoice.other"),
        "charges": [_charge(charge, language) for charge in place.charges],
    }


def _charge(charge: Charge, language: str) -> Mapping[str, Any]:
    days = period_text(*charge.period, language) if charge.period else None
    return {
        "text": charge.text,
        "period": days.replace(" ", NO_BREAK) if days else None,
        "amount": write_amount(charge.amount, language),
    }


def _tax(name: str, rate: Decimal, language: str) -> str:
    """Each tax with its own rate; the sum of both rates stands nowhere (Revenu Québec)."""
    if language == "en":
        return f"{_ENGLISH_TAX.get(name, name)} {rate:f}%"
    return f"{name} {rate:f}{NO_BREAK}%".replace(".", ",")


def _number(name: str, company: Company, language: str) -> str | None:
    number = {"TPS": company.tps_number, "TVQ": company.tvq_number}.get(name)
    return say(language, "invoice.tax_number", number=number) if number else None


def _page_words(language: str) -> list[str]:
    """Return what stands before, between and after the two counters of a page."""
    before, _, rest = say(language, "invoice.page", page="\0", pages="\1").partition("\0")
    between, _, after = rest.partition("\1")
    return [before, between, after]


def _css(text: str) -> str:
    """Return a text as a CSS string that also HTML leaves as it is, whatever it holds."""
    escaped = "".join(c if c.isalnum() or c in " ,.:;-()" else f"\\{ord(c):x} " for c in text)
    return f'"{escaped}"'
