"""Flow templates, and the checklist rows that a visit takes from one."""

import json

from field_core.canon import Body, Json
from server_sync.demo.book import Book
from server_sync.demo.draw import Draw
from server_sync.demo.words.steps import FLOWS, TV, Flow, Step

_TV_RULE = {"some": [{"var": "equipment"}, {"==": [{"var": "action"}, "Remove"]}]}
"""JSONLogic over the job: the step counts where a device is to be taken away."""


def add_flows(book: Book) -> None:
    """Add every flow template."""
    for flow in FLOWS:
        book.add(
            "Flow Template",
            {
                "template_name": flow.name,
                "label_fr": flow.name,
                "label_en": flow.en,
                "applies_to": "Dispatch Job",
                "version": flow.version,
                "is_system": 1,
                "disabled": 0,
                "steps": json.dumps([_as_json(step) for step in flow.steps], ensure_ascii=False),
            },
        )


def checklist(flow: Flow, draw: Draw, job: str, *, has_tv: bool) -> list[Body]:
    """Return the rows of one job, as the ERP takes them.

    Every row has its permanent id (`sync_key`), and `depends_on` holds such ids.
    """
    steps = {step.step: step for step in flow.steps if has_tv or step.needs != TV}
    ids = {name: draw.uuid("checklist", job, name) for name in steps}
    return [
        _row(step, ids[name], [ids[before] for before in _kept(flow, step, steps)])
        for name, step in steps.items()
    ]


def _kept(flow: Flow, step: Step, steps: dict[str, Step]) -> list[str]:
    """Return what a step waits for, going back past the steps that are left out."""
    every = {each.step: each for each in flow.steps}
    found: list[str] = []
    for before in step.after:
        found += [before] if before in steps else _kept(flow, every[before], steps)
    return found


def _row(step: Step, row_id: str, after: list[str]) -> Body:
    row: Body = {
        "sync_key": row_id,
        "step": step.step,
        "kind": step.kind,
        "label_fr": step.fr,
        "label_en": step.en,
        "required": int(step.required),
        "depends_on": ",".join(after) or None,
        "condition": json.dumps(_TV_RULE) if step.needs == TV else None,
        "unit": step.unit,
        "min_value": step.low,
        "max_value": step.high,
        "choices": "\n".join(step.choices) or None,
        "done": 0,
    }
    return {name: value for name, value in row.items() if value is not None}


def _as_json(step: Step) -> dict[str, Json]:
    return {
        "id": step.step,
        "kind": step.kind,
        "label_fr": step.fr,
        "label_en": step.en,
        "required": step.required,
        "depends_on": list(step.after),
        "condition": json.dumps(_TV_RULE) if step.needs == TV else None,
        "unit": step.unit,
        "min_value": step.low,
        "max_value": step.high,
        "choices": list(step.choices),
    }
