"""Operators over values that are evaluated already: data, comparisons, numbers, texts, lists."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from field_core.canon import Json
from field_core.jsonlogic.budget import Budget, JsonLogicError
from field_core.jsonlogic.coercion import (
    is_at_most,
    is_equal,
    is_less,
    number,
    plain,
    text,
    truth,
)
from field_core.values import same

Operator = Callable[[Budget, Sequence[Json], Json], Json]


def argument(arguments: Sequence[Json], index: int) -> Json:
    """Return an argument, nothing when it was not given."""
    return arguments[index] if index < len(arguments) else None


def as_list(value: Json) -> list[Json]:
    """Return a list; anything else counts as an empty one."""
    return value if isinstance(value, list) else []


# --- data


def _var(budget: Budget, arguments: Sequence[Json], data: Json) -> Json:
    found = _found(text(argument(arguments, 0)), data)
    return budget.pay_for(argument(arguments, 1) if found is None else found)


def _found(path: str, data: Json) -> Json:
    here = data
    for name in path.split(".") if path else ():
        if isinstance(here, dict):
            here = here.get(name)
        elif isinstance(here, list) and name.isascii() and name.isdigit():
            here = argument(here, int(name[:9]))
        else:
            return None
    return here


def _missing(_: Budget, arguments: Sequence[Json], data: Json) -> Json:
    first = argument(arguments, 0)
    names = first if isinstance(first, list) else arguments
    return [name for name in names if _found(text(name), data) in (None, "")]


def _missing_some(budget: Budget, arguments: Sequence[Json], data: Json) -> Json:
    names = as_list(argument(arguments, 1))
    missing = as_list(_missing(budget, [[*names]], data))
    return [] if len(names) - len(missing) >= number(argument(arguments, 0)) else [*missing]


# --- numbers, comparisons, texts, lists


def _known(value: float) -> float:
    if not math.isfinite(value):
        raise JsonLogicError("the result is no number")
    return value


def _numbers(arguments: Sequence[Json]) -> list[float]:
    found = [_known(number(argument)) for argument in arguments]
    if not found:
        raise JsonLogicError("nothing to reckon with")
    return found


def _reckoning(reckon: Callable[[list[float]], float]) -> Operator:
    def operation(_: Budget, arguments: Sequence[Json], __: Json) -> Json:
        return plain(_known(reckon(_numbers(arguments))))

    return operation


def _minus(numbers: list[float]) -> float:
    return numbers[0] - numbers[1] if len(numbers) > 1 else -numbers[0]


def _divided(numbers: list[float]) -> float:
    by = numbers[1] if len(numbers) > 1 else 0.0
    return numbers[0] / by if by else math.nan


def _rest(numbers: list[float]) -> float:
    """The sign is the dividend's, as in JavaScript."""
    by = numbers[1] if len(numbers) > 1 else 0.0
    return math.fmod(numbers[0], by) if by else math.nan


def _comparing(compare: Callable[[Json, Json], bool]) -> Operator:
    def operation(_: Budget, arguments: Sequence[Json], __: Json) -> Json:
        return compare(argument(arguments, 0), argument(arguments, 1))

    return operation


def _rising(compare: Callable[[Json, Json], bool]) -> Operator:
    """Make an operator that also tells whether the second of three lies between the others."""

    def operation(_: Budget, arguments: Sequence[Json], __: Json) -> Json:
        one, two, three = (argument(arguments, index) for index in range(3))
        return compare(one, two) and (len(arguments) < 3 or compare(two, three))  # noqa: PLR2004 - its third argument

    return operation


def _is_in(_: Budget, arguments: Sequence[Json], __: Json) -> Json:
    wanted, within = argument(arguments, 0), argument(arguments, 1)
    if isinstance(within, str):
        return text(wanted) in within
    return any(same(wanted, item) for item in as_list(within))


def _cat(budget: Budget, arguments: Sequence[Json], _: Json) -> Json:
    return budget.pay_for("".join(map(text, arguments)))


def _substr(_: Budget, arguments: Sequence[Json], __: Json) -> Json:
    whole = text(argument(arguments, 0))
    rest = whole[int(_known(number(argument(arguments, 1)))) :]
    count = argument(arguments, 2)
    return rest if count is None else rest[: int(_known(number(count)))]


def _merge(budget: Budget, arguments: Sequence[Json], _: Json) -> Json:
    parts = (part if isinstance(part, list) else [part] for part in arguments)
    return budget.pay_for([item for part in parts for item in part])


OPERATORS: Final[Mapping[str, Operator]] = {
    "var": _var,
    "missing": _missing,
    "missing_some": _missing_some,
    "==": _comparing(is_equal),
    "!=": _comparing(lambda one, other: not is_equal(one, other)),
    "===": _comparing(same),
    "!==": _comparing(lambda one, other: not same(one, other)),
    "!": _comparing(lambda value, _: not truth(value)),
    "!!": _comparing(lambda value, _: truth(value)),
    "<": _rising(is_less),
    "<=": _rising(is_at_most),
    ">": _comparing(lambda one, other: is_less(other, one)),
    ">=": _comparing(lambda one, other: is_at_most(other, one)),
    "max": _reckoning(max),
    "min": _reckoning(min),
    "+": _reckoning(math.fsum),
    "*": _reckoning(math.prod),
    "-": _reckoning(_minus),
    "/": _reckoning(_divided),
    "%": _reckoning(_rest),
    "in": _is_in,
    "cat": _cat,
    "substr": _substr,
    "merge": _merge,
}
