"""Sentences as values: a text's key with what is filled in, said once the language is known.

Whoever knows what happened makes a sentence; whoever knows the person's language says it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from field_app.i18n import Words
from field_core.canon import Json
from field_core.problems import Problem

QUOTED_MAX: Final = 80
"""Characters of a person's own words that a list repeats; the rest is on their own screen."""
_MINUS: Final = "−"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text's key and its parameters, each plain or to be said in turn."""

    key: str
    named: Mapping[str, "Part"] = field(default_factory=dict)

    def said(self, words: Words) -> str:
        """Fill the text in; where a parameter is empty, what led up to it goes too."""
        text = words(self.key, **{name: say(words, part) for name, part in self.named.items()})
        return " ".join(text.split()).rstrip(" —:")


@dataclass(frozen=True, slots=True)
class Counted:
    """A sentence with a singular and a plural."""

    key: str
    count: int

    def said(self, words: Words) -> str:
        """Count in the person's language."""
        return words.count(self.key, self.count)


@dataclass(frozen=True, slots=True)
class Both:
    """Something that documents name in both languages (a step)."""

    fr: str
    en: str

    def said(self, words: Words) -> str:
        """Take the one of the person's language."""
        return self.en if words.language == "en" else self.fr


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a field's choices: said if there is a text for it, else as it is written."""

    value: str

    def said(self, words: Words) -> str:
        """Translate what we know."""
        key = f"option.{self.value}"
        return words(key) if words.has(key) else self.value


@dataclass(frozen=True, slots=True)
class Field:
    """What a field is called; one that nobody named here is said to be another field."""

    name: str

    def said(self, words: Words) -> str:
        """Name the field."""
        key = f"field.{self.name}"
        return words(key if words.has(key) else "field.other")


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment, as documents write it."""

    text: str

    def said(self, words: Words) -> str:
        """Write the moment as it was here; what is none is said as it is."""
        try:
            return words.moment(self.text)
        except ValueError:  # documents hold what people and programs wrote
            return self.text


@dataclass(frozen=True, slots=True)
class Day:
    """A date, as documents write it."""

    text: str

    def said(self, words: Words) -> str:
        """Write the date short; what is none is said as it is."""
        try:
            return words.short_day(self.text)
        except ValueError:
            return self.text


@dataclass(frozen=True, slots=True)
class Size:
    """A number of bytes."""

    size_bytes: int

    def said(self, words: Words) -> str:
        """Write the size."""
        return words.size(self.size_bytes)


@dataclass(frozen=True, slots=True)
class Listed:
    """Several things, one after the other."""

    parts: Sequence["Part"]

    def said(self, words: Words) -> str:
        """Say all of them."""
        return ", ".join(say(words, part) for part in self.parts)


Said = Sentence | Counted | Both | Choice | Field | Instant | Day | Size | Listed
Part = Said | str | int | float
"""What may be filled in; a text is a person's own words and is said as it is."""


def say(words: Words, part: Part) -> str:
    """Say it in the person's language."""
    match part:
        case bool():
            return words("yes" if part else "no")
        case int() | float():
            return number(words, part)
        case str():
            return shortened(part)
        case _:
            return part.said(words)


def say_problem(words: Words, problem: Problem) -> str:
    """Say why something was not done, fields and states called by their names."""
    named = {
        name: say(
            words, Field(str(value).rpartition(".")[2]) if name == "field" else _detail(value)
        )
        for name, value in problem.details.items()
    }
    return Problem(problem.code, named).sentence(words.language)


def _detail(value: Json) -> Part:
    if isinstance(value, str):
        return Choice(value)
    return value if isinstance(value, int | float) else ""


def number(words: Words, value: float) -> str:
    """Write a number as people do here: −24,1."""
    text = str(int(value)) if float(value).is_integer() else repr(value)
    text = text.replace("-", _MINUS)
    return text.replace(".", ",") if words.language == "fr" else text


def shortened(text: str) -> str:
    """Return a person's own words on one line, cut where a list would drown in them."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTED_MAX else f"{line[: QUOTED_MAX - 1].rstrip()}…"
