"""The contract as its customer reads it: one text for the page and the PDF, and its hashes."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from field_core.canon import Json, dump
from field_core.date_words import in_words
from field_core.money import amount_of
from field_core.money_text import write_amount
from field_core.termination import Contract, Regime, end_of_term
from server_sync.billing.printed import Company
from server_sync.billing.rendering import pdf_of, templates
from server_sync.billing.words import say
from server_sync.contracts.held import Held

Raw = dict[str, Any]
VERSION: Final = 1
"""Of the text; a new wording is a new number."""
SIGN_HERE: Final = "{{Signature;type=signature;role=Client}}"
"""DocuSeal finds where to sign by this text in the PDF."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What is offered: the exact HTML shown, the PDF, and what proves both."""

    html: str
    pdf: bytes
    contract: str

    @property
    def html_sha256(self) -> str:
        """Hash of the text that is shown."""
        return hashlib.sha256(self.html.encode()).hexdigest()

    @property
    def pdf_sha256(self) -> str:
        """Hash of the PDF that is sent."""
        return hashlib.sha256(self.pdf).hexdigest()

    @property
    def doc_hash(self) -> str:
        """Hash of both, under the contract's name and the text's version."""
        told: dict[str, Json] = {
            "contract": self.contract,
            "version": VERSION,
            "html_sha256": self.html_sha256,
            "pdf_sha256": self.pdf_sha256,
        }
        return hashlib.sha256(dump(told).encode()).hexdigest()


def text_of(
    held: Held,
    customer: Raw,
    location: Raw,
    *,
    company: Company,
    follows_crtc: bool,
    language: str,
) -> str:
    """Return the contract's text as HTML, from its own fields alone: the same ones, the same text.

    follows_crtc: whether we promise what the Internet Code asks for. Raises
    ProblemError `invalid-value` for a contract that cannot be read.
    """
    contract = held.contract
    return (
        templates()
        .get_template("contract.html")
        .render(
            language=language,
            title=say(language, "accept.contract", contract=held.name),
            parties=_parties(customer, company, language),
            rows=_rows(held, contract, location, language),
            benefits=[_benefit(one, language) for one in contract.benefits],
            clauses=_clauses(contract, language, follows_crtc=follows_crtc),
            words={key: say(language, f"accept.{key}") for key in ("benefits", "clauses")},
        )
    )


def paper_of(held: Held, html: str, *, language: str) -> Paper:
    """Return a text with its PDF; raises ProblemError `pdf-unavailable`."""
    is_commercial = held.contract.regime is Regime.COMMERCIAL
    page = (
        templates()
        .get_template("contract_page.html")
        .render(language=language, text=html, sign_here=SIGN_HERE if is_commercial else "")
    )
    return Paper(html, pdf_of(page), held.name)


def _parties(customer: Raw, company: Company, language: str) -> list[str]:
    name = str(customer.get("customer_name") or "")
    return [
        say(
            language,
            "accept.provider",
            name=company.name,
            address=company.address.replace(";", ","),
        ),
        say(language, "accept.customer", name=name),
    ]


def _rows(held: Held, contract: Contract, location: Raw, language: str) -> list[Mapping[str, str]]:
    def row(key: str, text: str) -> Mapping[str, str]:
        return {"label": say(language, f"accept.{key}"), "text": text}

    plans = ", ".join(str(one.get("plan_name") or one["name"]) for one in held.subscriptions)
    address = ", ".join(
        str(location[name])
        for name in ("civic_address", "city", "postal_code")
        if location.get(name)
    )
    return [
        row("service", plans or "—"),
        row("address", address or "—"),
        row("monthly", write_amount(contract.monthly, language)),
        row("start", in_words(contract.start, language)),
        row("term", _term(contract, language)),
    ]


def _term(contract: Contract, language: str) -> str:
    if contract.term_months is None:
        return say(language, "accept.open_term")
    end: date = end_of_term(contract.start, contract.term_months)
    return say(
        language, "accept.months", months=str(contract.term_months), end=in_words(end, language)
    )


def _benefit(benefit: Any, language: str) -> Mapping[str, str]:  # noqa: ANN401 - a Benefit of the core
    key = "accept.benefit_monthly" if benefit.is_monthly else "accept.benefit"
    return {
        "text": benefit.description,
        "amounts": say(
            language,
            key,
            regular=write_amount(amount_of(benefit.regular_price), language),
            granted=write_amount(amount_of(benefit.granted_price), language),
        ),
    }


def _clauses(contract: Contract, language: str, *, follows_crtc: bool) -> list[str]:
    """Return what binds; a consumer's right to end it any time stands first (LPC s. 214.6)."""
    promised = ("crtc",) if follows_crtc else ()
    is_commercial = contract.regime is Regime.COMMERCIAL
    kinds = ("commercial",) if is_commercial else ("any_time", "cap", *promised, "end")
    return [say(language, f"accept.{kind}") for kind in (*kinds, "keep")]
