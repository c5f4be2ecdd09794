"""A contract: its banner, its term, its money, its benefits, and what ending it comes to."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import flet as ft

from field_app.state.billing.contract import ContractPage, Stage
from field_app.state.billing.ending import Ending
from field_app.state.place import Place
from field_app.state.workspace import Workspace
from field_app.theme import GAP_M, GAP_S, GAP_XS, Tone
from field_app.views.billing.ending import ending_parts, recap_parts
from field_app.views.billing.pieces import SERVICE_LOOKS, card, money_row, panel, parted, state
from field_app.views.billing.underway import state_chip, underway_parts
from field_app.views.boundary import screen, use_changes, use_model
from field_app.views.look import BOLD
from field_app.views.scene import Scene
from field_app.views.ticking import use_ticks
from field_app.views.widgets import chips, notices, page, text
from field_app.views.widgets.named import identified
from field_core.money import ZERO
from field_core.termination import (
    BenefitRow,
    Contract,
    Phase,
    Termination,
    kind_in_words,
    why_in_words,
)
from field_core.termination.benefits import savings_of

_BANNERS: Final[Mapping[Stage, tuple[Tone, ft.IconData]]] = {
    Stage.RUNNING: (Tone.GOOD, ft.Icons.CHECK_CIRCLE),
    Stage.OPEN_TERM: (Tone.GOOD, ft.Icons.ALL_INCLUSIVE),
    Stage.OVER: (Tone.INFO, ft.Icons.FLAG),
    Stage.UNSIGNED: (Tone.WARN, ft.Icons.EDIT_NOTE),
    Stage.ENDING: (Tone.WARN, ft.Icons.HOURGLASS_TOP),
    Stage.ENDED: (Tone.BAD, ft.Icons.CONTENT_CUT),
}
_PHASES: Final[Mapping[Phase, Tone]] = {
    Phase.AHEAD: Tone.NEUTRAL,
    Phase.RUNNING: Tone.INFO,
    Phase.ENDING: Tone.WARN,
    Phase.DONE: Tone.GOOD,
}
BAR_PX: Final = 14


@screen
def ContractScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw a contract of a customer."""
    customer, name = str(place.key), str(place.row)
    model = use_model(lambda: ContractPage(workspace, customer, name), workspace, customer, name)
    ending = ft.use_memo(lambda: Ending(model), [model])
    use_changes(ending)
    use_ticks(model, is_ticking=True)
    return page.frame(
        scene,
        "contract",
        head=page.header(
            scene,
            name,
            subtitle=scene.words("contract.title"),
            back=workspace.navigator.back,
            actions=_marks(scene, model),
        ),
        content=_content(scene, model, ending),
    )


def _marks(scene: Scene, model: ContractPage) -> list[ft.Control]:
    """Return the document's status; of one that is being ended, how that goes."""
    if model.body is None:
        return []
    if model.underway:
        return [state_chip(scene, model.underway)]
    return [state(scene, model.status, SERVICE_LOOKS)]


def _content(scene: Scene, model: ContractPage, ending: Ending) -> ft.Control:
    body = model.body
    if body is None:
        if model.told is None and model.missing is None:
            return notices.waiting(scene)
        if model.told is None and model.missing:
            return notices.problem(scene, model.missing)
        sentence = scene.words("contract.gone")
        return notices.empty(scene, "contract-gone", ft.Icons.DESCRIPTION, sentence)
    contract = model.contract
    parts: list[ft.Control] = [_banner(scene, model, body)]
    if contract is None:
        if model.unreadable:
            parts.append(notices.problem(scene, model.unreadable, name="unreadable"))
        return page.scroll(*parts)
    parts += [
        panel(
            scene,
            "summary",
            scene.words("contract.summary"),
            model,
            lambda: _summary(scene, model, contract, body),
        ),
        *underway_parts(scene, model, ending),
        *recap_parts(scene, model, ending),
        *([] if ending.recap or model.underway else ending_parts(scene, model, ending)),
        *_benefits(scene, model),
    ]
    return page.scroll(*parts, key=f"contract-{model.name}")


def _banner(scene: Scene, model: ContractPage, body: Mapping[str, Any]) -> ft.Control:
    words, stage = scene.words, model.stage
    tone, icon = _BANNERS[stage]
    kind = words(f"contract.kind.{body.get('contract_type') or 'Residential'}")
    dates = {
        name: words.full_day(str(body[name])[:10]) if body.get(name) else "—"
        for name in ("start_date", "end_date", "termination_date")
    }
    sentence = words(
        f"contract.banner.{stage}",
        kind=kind,
        start=dates["start_date"],
        end=dates["end_date"],
        ended=dates["termination_date"],
    )
    return notices.banner(scene, f"contract-{stage}", sentence, tone, icon)


# --- term and money


def _summary(
    scene: Scene, model: ContractPage, contract: Contract, body: Mapping[str, Any]
) -> Sequence[ft.Control]:
    words, worked = scene.words, model.simulated
    rows: list[ft.Control] = [
        *_bar(scene, model),
        money_row(scene, words("contract.monthly"), contract.monthly),
    ]
    if worked and worked.rows:
        rows += [
            money_row(scene, words("contract.savings"), savings_of(worked.rows)),
            money_row(scene, words("contract.residual"), worked.residual),
        ]
    facts = [
        ("contract.subscription", body.get("service_subscription")),
        ("contract.location", body.get("service_location")),
        ("contract.signature", _signature(scene, body)),
    ]
    lines = [
        text.soft(scene, f"{words(key)} : {value}" if words.language == "fr"
                  else f"{words(key)}: {value}")
        for key, value in facts
        if value
    ]  # fmt: skip
    return [*rows, *lines]


def _signature(scene: Scene, body: Mapping[str, Any]) -> str:
    method, at = str(body.get("signature_method") or ""), str(body.get("signed_at") or "")
    day = scene.words.full_day(at[:10]) if at else ""
    return ", ".join(part for part in (method, day) if part)


def _bar(scene: Scene, model: ContractPage) -> list[ft.Control]:
    """Draw how far the term is, in words and as a bar (CT-03)."""
    bar, words, palette = model.bar, scene.words, scene.palette
    if bar is None:
        return [text.body(scene, words("contract.open-term"))]
    tone = _PHASES[bar.phase]
    said = words(f"contract.bar.{bar.phase}", months=bar.months, term=bar.term)
    share = max(bar.months, 0) / bar.term
    drawn = ft.ProgressBar(
        value=share,
        bar_height=BAR_PX,
        border_radius=BAR_PX,
        color=palette.ink_of(tone),
        bgcolor=palette.container_of(tone),
        semantics_label=said,
    )
    label = ft.Text(said, size=scene.look.strong, font_family=BOLD, color=palette.ink_of(tone))
    return [identified("term-bar", ft.Column([label, drawn], spacing=GAP_XS, tight=True))]


# --- benefits


def _benefits(scene: Scene, model: ContractPage) -> list[ft.Control]:
    worked, words = model.simulated, scene.words
    if worked is None or not worked.rows:
        return []
    day = words.full_day(worked.end.isoformat())
    title = "benefits.title.ended" if model.ended_on else "benefits.title"
    rows = parted(scene, *(_benefit(scene, one) for one in worked.rows))
    content = [
        text.strong(scene, words(title, day=day)),
        *rows,
        ft.Divider(height=2, color=scene.palette.ink_soft),
        *_totals(scene, worked),
    ]
    return [card(scene, "benefits", content)]


def _benefit(scene: Scene, one: BenefitRow) -> ft.Control:
    """Draw a row of the table (CT-05): every figure by its name, since no phone has six columns."""
    words, language = scene.words, scene.words.language
    mark = (
        chips.chip(scene, words("benefits.counts"), ft.Icons.CHECK, Tone.INFO)
        if one.counts
        else chips.chip(scene, words("benefits.counts-not"), ft.Icons.BLOCK, Tone.NEUTRAL)
    )
    figures = [
        ("benefits.regular", one.benefit.regular_price),
        ("benefits.granted", one.benefit.granted_price),
        ("benefits.saving", one.saving),
        ("benefits.recognised", one.recognised),
        ("benefits.left", one.residual),
    ]
    cells = [_cell(scene, words(key), words.money(amount)) for key, amount in figures]
    return ft.Column(
        [
            ft.Row(
                [
                    ft.Container(
                        ft.Column(
                            [
                                text.body(scene, one.benefit.description),
                                text.soft(scene, kind_in_words(one.benefit.kind, language)),
                            ],
                            spacing=0,
                            tight=True,
                        ),
                        expand=True,
                    ),
                    mark,
                ],
                spacing=GAP_S,
            ),
            ft.Row(cells, wrap=True, spacing=GAP_M, run_spacing=GAP_S),
            text.soft(scene, why_in_words(one, language)),
        ],
        spacing=GAP_XS,
        tight=True,
    )


def _cell(scene: Scene, label: str, value: str) -> ft.Control:
    return ft.Container(
        ft.Column(
            [
                text.soft(scene, label),
                ft.Text(value, size=scene.look.body, font_family=BOLD, color=scene.palette.ink),
            ],
            spacing=0,
            tight=True,
        ),
        width=124 * scene.look.scale,
    )


def _totals(scene: Scene, worked: Termination) -> list[ft.Control]:
    words = scene.words
    recognised = sum((one.recognised for one in worked.rows), ZERO)
    return [
        money_row(scene, words("benefits.saving"), savings_of(worked.rows)),
        money_row(scene, words("benefits.recognised"), recognised),
        money_row(scene, words("benefits.left"), worked.residual, is_total=True),
    ]
