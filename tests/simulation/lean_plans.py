"""How a statement is run without SQLAlchemy: its SQL, and where each of its values comes from.

SQLAlchemy compiles; what it found out is kept on the statement, as most are made once and run for
ever, and on what was compiled, which statements share that differ in their values alone.
"""

from collections import namedtuple
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy.dialects import sqlite

DIALECT: Final = sqlite.dialect(paramstyle="qmark")
_COMPILED: Final[dict[Any, Any]] = {}
"""SQLAlchemy's cache: statements that are made anew each time are the same to it."""
_PLANS: Final = "_simulated_plans"
"""Where a statement, and what it was compiled to, keep how it is run."""
_NONE: Final = (0, None)

Place = tuple[str, int, Any]
"""Where a `?` gets its value: a name, an index into its list or -1, and what converts it."""


@dataclass
class Form:
    """What a statement was compiled to; statements that differ in their values alone share one."""

    compiled: Any
    make: Any = None
    columns: list[Any] = field(default_factory=list)
    """What turns each column of SQLite into a value; None where nothing does."""
    shapes: dict[tuple[int, ...], tuple[str, list[Place]]] = field(default_factory=dict)
    """Lengths of the lists in `IN` → SQL and places."""

    def shaped(self, values: dict[str, Any]) -> tuple[str, list[Place]]:
        """Return the SQL for lists of these lengths."""
        names = self.compiled.bind_names
        shape = tuple(len(values[names[p]]) for p in self.compiled.post_compile_params)
        found = self.shapes.get(shape)
        if found is None:
            found = self.shapes[shape] = self._shaped(values)
        return found

    def _shaped(self, values: dict[str, Any]) -> tuple[str, list[Place]]:
        """Let SQLAlchemy write `IN` out for so many values."""
        compiled, processors = self.compiled, dict(self.compiled._bind_processors)
        if not compiled.post_compile_params:
            return compiled.string, [(n, -1, processors.get(n)) for n in compiled.positiontup]
        state = compiled._process_parameters_for_postcompile(dict(values))
        processors |= state.processors
        parts = {
            part: (name, index)
            for name, expanded in state.parameter_expansion.items()
            for index, part in enumerate(expanded)
        }
        return state.statement, [
            (*parts.get(name, (name, -1)), processors.get(name)) for name in state.positiontup
        ]

    def rows(self, raw: list[Any]) -> list[Any]:
        """Turn SQLite's rows into rows with names and types."""
        if any(self.columns):
            raw = [
                [p(v) if p else v for p, v in zip(self.columns, row, strict=True)] for row in raw
            ]
        return [self.make(row) for row in raw]


@dataclass
class Plan:
    """One statement with one set of names given: where each value comes from."""

    form: Form
    constants: dict[str, Any]
    """Values that the statement brings along, by the name of their parameter."""
    names: dict[str, str]
    """Name of a parameter → name under which a caller gives its value."""

    def __post_init__(self) -> None:
        self._fixed = None if self.form.compiled.post_compile_params else self._resolved()

    def _resolved(self) -> tuple[str, list[tuple[str | None, Any, Any]]]:
        """Return the SQL, and for each `?` the name of its value or the value, and its converter.

        Only a statement without lists has one SQL for all values.
        """
        text, places = self.form.shaped({})
        return text, [
            (self.names[name], None, process)
            if name in self.names
            else (None, _converted(self.constants[name], process), None)
            for name, _, process in places
        ]

    def bound(self, given: dict[str, Any]) -> tuple[str, list[Any]]:
        """Return the SQL and the values in their order."""
        if self._fixed is None:
            return self._expanded(given)
        text, places = self._fixed
        return text, [
            value if name is None else process(given[name]) if process else given[name]
            for name, value, process in places
        ]

    def _expanded(self, given: dict[str, Any]) -> tuple[str, list[Any]]:
        values = self.constants | {name: given[outer] for name, outer in self.names.items()}
        text, places = self.form.shaped(values)
        return text, [
            _converted(values[name] if index < 0 else values[name][index], process)
            for name, index, process in places
        ]


def _converted(value: Any, process: Any) -> Any:
    return process(value) if process else value


def plan_of(statement: Any, given: dict[str, Any]) -> Plan:
    """Return the plan of a statement, which keeps it: most are made once and run for ever."""
    keys = tuple(given)
    owner, plans = statement.__dict__.get(_PLANS, _NONE)
    if owner != id(statement):  # a statement made from another one carries the other's attributes
        plans = {}
        statement.__dict__[_PLANS] = id(statement), plans
    plan: Plan | None = plans.get(keys)
    if plan is None:
        plan = plans[keys] = _planned(statement, keys)
    return plan


def _planned(statement: Any, keys: tuple[str, ...]) -> Plan:
    compiled, extracted, collected, _ = statement._compile_w_cache(
        DIALECT, compiled_cache=_COMPILED, column_keys=sorted(keys)
    )
    values = compiled.construct_params(
        dict.fromkeys(keys),
        extracted_parameters=extracted,
        escape_names=False,
        _collected_params=collected,
        _check=False,
    )
    for column in (*compiled.insert_prefetch, *compiled.update_prefetch):
        assert column.default.is_scalar, f"the default of {column} would have to be worked out"
        values[column.key] = column.default.arg
    names = {name: bind.key for bind, name in compiled.bind_names.items() if bind.key in keys}
    names |= {name: name for name in compiled.bind_names.values() if name in keys}
    constants = {name: value for name, value in values.items() if name not in names}
    return Plan(_form(compiled), constants, names)


def _form(compiled: Any) -> Form:
    form: Form | None = compiled.__dict__.get(_PLANS)
    if form is None:
        form = compiled.__dict__[_PLANS] = Form(compiled)
        found = compiled._result_columns
        if found and not compiled.isinsert:
            row: Any = namedtuple("Row", [c.keyname for c in found], rename=True)  # type: ignore[misc]  # noqa: PYI024 - its fields are known only now
            form.make = row._make
            form.columns = [c.type._cached_result_processor(DIALECT, None) for c in found]
    return form
