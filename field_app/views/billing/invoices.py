"""Everybody's invoices: what is owed first, or the latest."""

from collections.abc import Sequence
from typing import Final

import flet as ft

from field_app.state.billing.invoices import InvoiceList, Which
from field_app.state.workspace import Workspace
from field_app.views.billing.pieces import INVOICE_LOOKS, age, money, parted, row, state
from field_app.views.billing.underway import since, state_chip
from field_app.views.boundary import screen, use_changes, use_model
from field_app.views.scene import Scene
from field_app.views.ticking import use_ticks
from field_app.views.widgets import buttons, notices, page, text
from field_app.views.widgets.cards import card
from field_app.views.widgets.choices import Option, pills
from field_app.views.widgets.named import identified
from field_core.office import EndingUnderway, InvoiceLine

_ICONS: Final = {
    Which.ATTENTION: ft.Icons.FLAG_OUTLINED,
    Which.OWED: ft.Icons.ERROR_OUTLINE,
    Which.LATEST: ft.Icons.SCHEDULE,
}


@screen
def InvoicesScreen(scene: Scene, workspace: Workspace) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the lists."""
    model = use_model(lambda: InvoiceList(workspace), workspace)
    use_changes(workspace.navigator)
    use_ticks(model, is_ticking=True)
    options = [
        Option(which.value, scene.words(f"invoices.{which}"), _ICONS[which]) for which in Which
    ]
    head = pills(
        scene,
        "invoices",
        options,
        chosen=model.which.value,
        choose=lambda name: model.choose(Which(name)),
    )
    return page.frame(scene, "invoices", head=head, content=_content(scene, model))


def _content(scene: Scene, model: InvoiceList) -> ft.Control:
    shown, words, endings = model.shown, scene.words, _endings(scene, model)
    if shown.told is None and shown.missing:
        return page.scroll(
            *endings,
            notices.problem(scene, shown.missing),
            buttons.secondary(scene, "invoices-again", words("billing.again"), shown.ask_now),
        )
    if shown.told is None:
        return page.scroll(*endings, notices.waiting(scene))
    lines = [line for line in shown.rows if isinstance(line, InvoiceLine)]
    if not lines and not endings:
        return notices.empty(
            scene, "invoices-none", ft.Icons.RECEIPT_LONG, words(f"invoices.none.{model.which}")
        )
    about: list[ft.Control] = [text.soft(scene, age(scene, shown.told))] if lines else []
    if shown.missing:
        about.append(text.soft(scene, shown.missing.sentence(words.language)))
    rows = parted(scene, *(_line(scene, model, line) for line in lines))
    found = [card(scene, ft.Column(rows, spacing=0, tight=True))] if rows else []
    return identified("invoices-found", page.scroll(*endings, *about, *found, *_more(scene, model)))


def _endings(scene: Scene, model: InvoiceList) -> list[ft.Control]:
    """Draw the terminations that are not all done, above the invoices."""
    if not model.underway:
        return []
    head = text.strong(scene, scene.words("underway.list"))
    rows = parted(scene, *(_ending(scene, model, one) for one in model.underway))
    return [card(scene, ft.Column([head, *rows], spacing=0, tight=True))]


def _ending(scene: Scene, model: InvoiceList, found: EndingUnderway) -> ft.Control:
    words, trouble = scene.words, found.trouble
    why = trouble.problem.sentence(words.language) if trouble else ""
    return row(
        scene,
        f"ending-{found.contract}",
        found.customer_name or found.customer,
        is_narrow=True,
        facts=[found.contract, since(scene, found), why],
        marks=[state_chip(scene, found)],
        work=lambda: model.open_contract(found),
    )


def _line(scene: Scene, model: InvoiceList, line: InvoiceLine) -> ft.Control:
    words = scene.words
    is_open = model.workspace.navigator.place.key == line.name and scene.is_wide
    due = words("invoices.due", day=words.full_day(line.due_date)) if line.due_date else ""
    amount = line.outstanding if line.outstanding > 0 else line.total
    mark = [ft.Icon(ft.Icons.CHECK, size=18, color=scene.palette.primary)] if is_open else []
    return row(
        scene,
        f"invoice-{line.name}",
        line.customer_name or line.customer,
        is_narrow=True,
        facts=[line.name, due, *_why(scene, line)],
        marks=[state(scene, line.status, INVOICE_LOOKS), *mark],
        amount=money(scene, amount),
        work=lambda: model.open(line.name),
    )


def _why(scene: Scene, line: InvoiceLine) -> list[str]:
    """Say why a person must look at it."""
    keys = (f"flag.{reason}" for reason in line.why)
    return [scene.words(key) for key in keys if scene.words.has(key)]


def _more(scene: Scene, model: InvoiceList) -> Sequence[ft.Control]:
    shown = model.shown
    if not shown.has_more:
        return ()
    return [buttons.quiet(scene, "more-invoices", scene.words("billing.more"), shown.add)]
