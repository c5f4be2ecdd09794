"""How a find is drawn: what it is called, and the facts by which a person knows it again."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from field_app.ports import FoundIn
from field_app.saying import Choice, Day, Part, Sentence
from field_app.sync.labels import place_of, text_of
from field_core.canon import Body

_Linked = Mapping[str, Body]


def _subject(body: Body) -> str:
    return text_of(body, "subject")


def _address(body: Body) -> str:
    return place_of(body)


def _customer_name(body: Body) -> str:
    return text_of(body, "customer_name")


def _device(body: Body) -> str:
    return text_of(body, "model") or text_of(body, "mac_address") or text_of(body, "serial_no")


def _mark(body: Body) -> str:
    marks = (text_of(body, name) for name in ("mac_address", "gpon_serial", "serial_no"))
    return next((mark for mark in marks if mark), "")


def _other(body: Body) -> str:
    names = ("subject", "full_name", "item_name", "title", "template_name")
    return next((text_of(body, name) for name in names if body.get(name)), "")


TITLES: Final[Mapping[FoundIn, Callable[[Body], str]]] = {
    FoundIn.JOBS: _subject,
    FoundIn.PLACES: _address,
    FoundIn.CUSTOMERS: _customer_name,
    FoundIn.EQUIPMENT: _device,
    FoundIn.IDENTITIES: _mark,
    FoundIn.OTHERS: _other,
}


def _of_job(body: Body, linked: _Linked) -> Sequence[Part]:
    day, time = text_of(body, "scheduled_date"), text_of(body, "scheduled_time")[:5]
    when: Part = Sentence("search.when", {"day": Day(day), "time": time}) if day else ""
    return [when, _name_of(body, linked), _where(body, linked)]


def _of_place(body: Body, linked: _Linked) -> Sequence[Part]:
    return [_name_of(body, linked), text_of(body, "olt_port")]


def _of_customer(body: Body, _linked: _Linked) -> Sequence[Part]:
    return [text_of(body, "mobile_no")]


def _of_device(body: Body, linked: _Linked) -> Sequence[Part]:
    kind = text_of(body, "equipment_type")
    return [Choice(kind) if kind else "", _mark(body), _where(body, linked)]


def _of_identity(body: Body, linked: _Linked) -> Sequence[Part]:
    where = _where(body, linked) or text_of(body, "service_location")
    place: Part = Sentence("search.at", {"place": where}) if where else Sentence("search.nowhere")
    since = text_of(body, "since")
    return [place, Sentence("search.since", {"day": Day(since)}) if since else ""]


def _of_other(body: Body, linked: _Linked) -> Sequence[Part]:
    return [_name_of(body, linked)]


FACTS: Final[Mapping[FoundIn, Callable[[Body, _Linked], Sequence[Part]]]] = {
    FoundIn.JOBS: _of_job,
    FoundIn.PLACES: _of_place,
    FoundIn.CUSTOMERS: _of_customer,
    FoundIn.EQUIPMENT: _of_device,
    FoundIn.IDENTITIES: _of_identity,
    FoundIn.OTHERS: _of_other,
}


def _where(body: Body, linked: _Linked) -> str:
    return place_of(linked.get(text_of(body, "service_location")))


def _name_of(body: Body, linked: _Linked) -> str:
    person = linked.get(text_of(body, "customer"))
    return text_of(person, "customer_name") if person else ""
