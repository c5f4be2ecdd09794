"""Search over everything on this device, in groups; each find leads to its job."""

from collections.abc import Mapping, Sequence
from typing import Final

import flet as ft

from field_app.ports import FoundIn, Hit, Hits
from field_app.saying import say
from field_app.state.day.search import Card, Search
from field_app.state.place import Place
from field_app.state.workspace import Workspace
from field_app.theme import GAP_L, GAP_M, GAP_S
from field_app.views.boundary import screen, use_changes, use_model
from field_app.views.scanning.scanner import ScannerScreen
from field_app.views.scene import Scene
from field_app.views.widgets import buttons, cards, notices, page, text
from field_app.views.widgets.named import identified
from field_app.views.widgets.typed import typed

_I: Final = ft.Icons
ICONS: Final[Mapping[FoundIn, ft.IconData]] = {
    FoundIn.JOBS: _I.WORK,
    FoundIn.PLACES: _I.PLACE,
    FoundIn.CUSTOMERS: _I.PERSON,
    FoundIn.EQUIPMENT: _I.ROUTER,
    FoundIn.IDENTITIES: _I.QR_CODE,
    FoundIn.OTHERS: _I.DESCRIPTION,
}


@screen
def SearchScreen(scene: Scene, workspace: Workspace) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the search."""
    model = use_model(lambda: Search(workspace), workspace)
    use_changes(workspace.navigator)
    if model.scanner:
        return page.stage("scanner", ScannerScreen(scene, workspace, model.scanner))
    return page.frame(
        scene,
        "search",
        head=ft.Container(
            _field(scene, model),
            padding=ft.Padding.only(left=GAP_L, right=GAP_L, top=GAP_M, bottom=GAP_S),
        ),
        content=_content(scene, model, workspace),
    )


def _field(scene: Scene, model: Search) -> ft.Control:
    words = scene.words
    clear = buttons.icon_only(
        scene, "search-clear", words("search.clear"), ft.Icons.CLOSE, lambda: model.again("")
    )
    return ft.Row(
        [
            typed(
                scene,
                "search-field",
                words("search.label"),
                model.text,
                model.typed,
                hint_text=words("search.hint"),
                prefix_icon=ft.Icons.SEARCH,
                autofocus=not model.text,
                autocorrect=False,
                enable_suggestions=False,
                expand=True,
            ),
            *([clear] if model.text else []),
            buttons.icon_only(
                scene, "scan", words("scan.open"), ft.Icons.QR_CODE_SCANNER, model.open_scanner
            ),
        ],
        spacing=GAP_S,
    )


def _content(scene: Scene, model: Search, workspace: Workspace) -> ft.Control:
    words = scene.words
    if model.problem is not None:
        return notices.problem(scene, model.problem)
    if model.hits is None:
        return _recent(scene, model)
    if model.is_nothing_found:
        return notices.empty(
            scene,
            "search-none",
            ft.Icons.SEARCH_OFF,
            words("search.nothing", text=model.hits.text),
            words("search.nothing.hint"),
        )
    return identified(
        "search-hits",
        page.scroll(
            *(_group(scene, model, group, model.hits, workspace) for group in model.hits.groups)
        ),
    )


def _recent(scene: Scene, model: Search) -> ft.Control:
    words = scene.words
    van = cards.group(
        scene,
        cards.tile(
            scene,
            "van-count",
            words("count.title"),
            model.open_count,
            icon=ft.Icons.INVENTORY_2_OUTLINED,
            facts=[words("count.open.hint")],
        ),
    )
    if not model.recent:
        empty = notices.empty(
            scene,
            "search-empty",
            ft.Icons.SEARCH,
            words("search.empty"),
            words("search.empty.hint"),
        )
        return page.scroll(empty, van)

    return page.scroll(
        cards.group(
            scene,
            *(
                cards.tile(
                    scene,
                    f"recent-{at}",
                    said,
                    lambda said=said: model.again(said),  # type: ignore[misc]  # bound now
                    icon=ft.Icons.HISTORY,
                )
                for at, said in enumerate(model.recent)
            ),
            title=words("search.recent"),
        ),
        buttons.quiet(
            scene, "forget-searches", words("search.forget"), model.forget, icon=ft.Icons.DELETE
        ),
        van,
    )


def _group(
    scene: Scene, model: Search, group: FoundIn, hits: Hits, workspace: Workspace
) -> ft.Control:
    found, total = hits.groups[group], hits.totals[group]
    title = scene.words(f"search.group.{group}")
    if total > len(found):
        title = scene.words("search.some", group=title, shown=len(found), total=total)
    return cards.group(scene, *(_hit(scene, model, hit, workspace) for hit in found), title=title)


def _hit(scene: Scene, model: Search, hit: Hit, workspace: Workspace) -> ft.Control:
    is_open = workspace.navigator.place.key in (hit.key, *(job.key for job in hit.jobs))
    return cards.tile(
        scene,
        f"hit-{hit.key}",
        hit.title,
        lambda: model.open(hit),
        icon=ft.Icons.CHECK if is_open and scene.is_wide else ICONS[hit.group],
        facts=facts_of(scene, hit),
    )


def facts_of(scene: Scene, hit: Hit) -> Sequence[str]:
    """Say by what a find is known, and where what was typed stands."""
    words = scene.words
    state = words.state(hit.status) if hit.status else ""
    known = " · ".join(
        fact for fact in (hit.label, state, *(say(words, fact) for fact in hit.facts)) if fact
    )
    matched = say(words, hit.matched) if hit.matched else ""
    jobs = ""
    if hit.group is not FoundIn.JOBS:
        jobs = words.count("search.jobs", len(hit.jobs)) if hit.jobs else ""
    return [known, matched, jobs]


# --- one find


@screen
def CardScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw what is known of a find that is no job, or leads to several."""
    model = use_model(lambda: Card(workspace, str(place.key)), workspace, place.key)
    hit, words = model.hit, scene.words
    back = None if scene.is_wide else workspace.navigator.back
    if hit is None:
        content = (
            notices.empty(scene, "card-gone", ft.Icons.SEARCH_OFF, words("search.gone"))
            if model.is_gone
            else notices.waiting(scene)
        )
        return page.frame(scene, "card", head=page.header(scene, "", back=back), content=content)
    facts = [say(words, fact) for fact in hit.facts]
    rows = [
        cards.tile(
            scene,
            f"job-{job.label}",
            job.subject or job.label,
            lambda key=job.key: model.open(str(key)),  # type: ignore[misc]  # bound now
            icon=ft.Icons.WORK,
            facts=[job.label],
        )
        for job in hit.jobs
    ]
    jobs = (
        cards.group(scene, *rows, title=words("search.group.jobs"))
        if rows
        else text.soft(scene, words("search.no-job"))
    )
    return page.frame(
        scene,
        "card",
        head=page.header(scene, hit.title, subtitle=hit.label, back=back),
        content=page.scroll(
            cards.group(
                scene,
                *(cards.tile(scene, f"fact-{at}", fact, None) for at, fact in enumerate(facts)),
                title=words(f"search.group.{hit.group}"),
            ),
            jobs,
        ),
    )
