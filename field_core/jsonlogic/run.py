"""Evaluating a rule; and the operators that choose what of it they evaluate."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from field_core.canon import Json
from field_core.jsonlogic.budget import Budget, JsonLogicError
from field_core.jsonlogic.coercion import truth
from field_core.jsonlogic.operators import OPERATORS, argument, as_list

DEPTH_MAX: Final = 64
"""The rules of flows nest fewer than 10 deep."""


def apply(rule: Json, data: Json) -> Json:
    """Return what a rule says of data; raises JsonLogicError and nothing else."""
    try:
        return _Run().value(rule, data)
    except (OverflowError, RecursionError) as error:
        raise JsonLogicError("beyond all bounds") from error


class _Run:
    """One evaluation."""

    def __init__(self) -> None:
        self._budget, self._depth = Budget(), 0

    def value(self, rule: Json, data: Json) -> Json:
        self._budget.spend()
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise JsonLogicError("the rule nests too deep")
        found = self._value(rule, data)
        self._depth -= 1
        return found

    def _value(self, rule: Json, data: Json) -> Json:
        if isinstance(rule, list):
            return [self.value(item, data) for item in rule]
        if not isinstance(rule, dict) or len(rule) != 1:
            return rule
        ((name, given),) = rule.items()
        if name in _CHOOSING:
            return _CHOOSING[name](self, given if isinstance(given, list) else [given], data)
        if name not in OPERATORS:
            raise JsonLogicError(f"unknown operator: {name[:40]}")
        found = self.value(given, data)
        arguments = as_list(found) if isinstance(given, list) else [found]
        return OPERATORS[name](self._budget, arguments, data)


Choosing = Callable[[_Run, Sequence[Json], Json], Json]


def _if(run: _Run, rules: Sequence[Json], data: Json) -> Json:
    for index in range(0, len(rules) - 1, 2):
        if truth(run.value(rules[index], data)):
            return run.value(rules[index + 1], data)
    return run.value(rules[-1], data) if len(rules) % 2 else None


def _and(run: _Run, rules: Sequence[Json], data: Json) -> Json:
    found: Json = None
    for rule in rules:
        found = run.value(rule, data)
        if not truth(found):
            break
    return found


def _or(run: _Run, rules: Sequence[Json], data: Json) -> Json:
    found: Json = None
    for rule in rules:
        found = run.value(rule, data)
        if truth(found):
            break
    return found


def _each(run: _Run, rules: Sequence[Json], data: Json) -> list[tuple[Json, Json]]:
    """Return each item of a list with what the rule says of it."""
    items = as_list(run.value(argument(rules, 0), data))
    return [(item, run.value(argument(rules, 1), item)) for item in items]


def _map(run: _Run, rules: Sequence[Json], data: Json) -> Json:
    return [said for _, said in _each(run, rules, data)]


def _filter(run: _Run, rules: Sequence[Json], data: Json) -> Json:
    return [item for item, said in _each(run, rules, data) if truth(said)]


def _all(run: _Run, rules: Sequence[Json], data: Json) -> Json:
    each = _each(run, rules, data)
    return bool(each) and all(truth(said) for _, said in each)


def _none(run: _Run, rules: Sequence[Json], data: Json) -> Json:
    return not _some(run, rules, data)


def _some(run: _Run, rules: Sequence[Json], data: Json) -> Json:
    return any(truth(said) for _, said in _each(run, rules, data))


def _reduce(run: _Run, rules: Sequence[Json], data: Json) -> Json:
    so_far = run.value(argument(rules, 2), data)
    for item in as_list(run.value(argument(rules, 0), data)):
        so_far = run.value(argument(rules, 1), {"current": item, "accumulator": so_far})
    return so_far


_CHOOSING: Final[Mapping[str, Choosing]] = {
    "if": _if,
    "?:": _if,
    "and": _and,
    "or": _or,
    "map": _map,
    "filter": _filter,
    "all": _all,
    "none": _none,
    "some": _some,
    "reduce": _reduce,
}
