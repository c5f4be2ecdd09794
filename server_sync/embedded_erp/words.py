"""Amounts in English words, as ERPNext writes them (`CAD Two Hundred And Fifty only.`)."""

from __future__ import annotations

from decimal import Decimal

_SMALL = [
    "Zero",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
]
_TENS = [
    "Zero",
    "Ten",
    "Twenty",
    "Thirty",
    "Forty",
    "Fifty",
    "Sixty",
    "Seventy",
    "Eighty",
    "Ninety",
]
_HUNDRED = 100
_SCALES = ((1_000_000_000, "Billion"), (1_000_000, "Million"), (1_000, "Thousand"))


def amount_in_words(amount: Decimal, currency: str) -> str:
    """`amount` with two decimals; the cents are named only when there are any."""
    whole, fraction = divmod(int((abs(amount) * 100).to_integral_value()), 100)
    text = f"{currency} {number_in_words(whole)}"
    if fraction:
        text += f" and {number_in_words(fraction)} Cent"
    return f"{text} only."


def number_in_words(number: int) -> str:
    """A whole number from 0 up."""
    for scale, word in _SCALES:
        if number >= scale:
            head, rest = divmod(number, scale)
            tail = f", {number_in_words(rest)}" if rest >= _HUNDRED else _joined(rest)
            return f"{number_in_words(head)} {word}{tail}"
    if number >= _HUNDRED:
        head, rest = divmod(number, _HUNDRED)
        return f"{_SMALL[head]} Hundred{_joined(rest)}"
    if number < len(_SMALL):
        return _SMALL[number]
    head, rest = divmod(number, 10)
    return f"{_TENS[head]} {_SMALL[rest]}" if rest else _TENS[head]


def _joined(rest: int) -> str:
    return f" And {number_in_words(rest)}" if rest else ""
