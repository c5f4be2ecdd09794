"""The diagnosis on a page: verdict first, then the parts, and what waits is no success."""

from pathlib import Path

import flet as ft
import pytest

from field_app.i18n import Language
from field_app.ports import Person, Wanted
from field_app.state.place import Place
from field_app.state.workspace import Workspace
from field_app.views.diagnostics.folded import FoldedDevice
from field_app.views.diagnostics.screen import DiagnosisScreen
from field_core.cpe.limits import LimitsUsed, Origin
from field_core.diagnosis import Result
from tests.app.at_work import LocalAccount, workspace
from tests.app.diagnosed import GOOD, SLOW, act, report, run_of, told, visit
from tests.app.flet_page import controls, flet_page, identified, press, settle, texts
from tests.app.views import scene


class Drawn:
    def __init__(self, page: ft.Page, account: LocalAccount, here: Workspace, ont: str) -> None:
        self.page, self.account, self.workspace, self.ont = page, account, here, ont

    @property
    def says(self) -> str:
        return texts(self.page)

    async def tap(self, name: str) -> None:
        await press(self.page, identified(self.page, name))

    def names(self) -> set[str]:
        return {str(c.identifier) for c in controls(self.page) if isinstance(c, ft.Semantics)}

    async def works(self) -> None:
        await self.account.checking.work()
        await settle()


async def drawn(
    folder: Path,
    page: ft.Page,
    *results: Result,
    language: Language = "fr",
    wide: bool = False,
) -> Drawn:
    account, job, ont = visit(folder)
    account.runs.events = told(*results)
    account.runs.run = run_of(*results, job=job)
    here = workspace(account, f"/today/{job}/diagnostics")
    place = Place.parse(f"/today/{job}/diagnostics")
    page.render(lambda: DiagnosisScreen(scene(language, is_wide=wide), here, place))
    await settle()
    return Drawn(page, account, here, ont)


async def test_page_begins_with_what_the_test_is_and_one_button(tmp_path: Path) -> None:
    async with flet_page() as page:
        it = await drawn(tmp_path, page, *GOOD)

        assert "Aucun essai à cette visite" in it.says
        assert {"diag-start", "diag-empty"} <= it.names()
        assert "Le bureau n’a encore rien dit" in it.says


@pytest.mark.parametrize(("language", "word"), [("fr", "À surveiller"), ("en", "Faulty")])
async def test_verdict_is_words_icon_and_colour_and_comes_first(
    tmp_path: Path, language: Language, word: str
) -> None:
    async with flet_page() as page:
        it = await drawn(tmp_path, page, *SLOW, language=language)
        await it.tap("diag-start")

        assert "verdict" in it.names()
        verdict = texts(identified(page, "verdict"))
        assert word in verdict or "En défaut" in verdict
        assert any(isinstance(c, ft.Icon) for c in controls(identified(page, "verdict")))


async def test_numbers_show_unit_limit_method_and_course(tmp_path: Path) -> None:
    async with flet_page() as page:
        it = await drawn(tmp_path, page, *GOOD)
        await it.tap("diag-start")

        assert "4 ms" in it.says
        assert "limite" in it.says
        assert "écho ICMP" in it.says
        assert "0 sur 20" in it.says
        assert "chart-latency" in it.names()


@pytest.mark.parametrize(
    ("used", "sentence"),
    [
        (LimitsUsed(), "Limites : celles de l’application"),
        (
            LimitsUsed(origin=Origin.OPERATOR, version="dc768a4e"),
            "Limites : celles de l’entreprise (version dc768a4e)",
        ),
        (
            LimitsUsed(origin=Origin.UNREADABLE, version="dc768a4e"),
            "demandent une version plus récente de l’application",
        ),
    ],
)
async def test_run_says_by_whose_limits_it_was_judged(
    tmp_path: Path, used: LimitsUsed, sentence: str
) -> None:
    async with flet_page() as page:
        it = await drawn(tmp_path, page, *GOOD)
        it.account.runs.run = it.account.runs.run.model_copy(update={"limits": used})
        await it.tap("diag-start")

        assert sentence in texts(identified(page, "diag-limits"))


async def test_run_of_before_says_nothing_of_limits(tmp_path: Path) -> None:
    async with flet_page() as page:
        it = await drawn(tmp_path, page, *GOOD)
        await it.tap("diag-start")

        assert "diag-limits" not in it.names()


async def test_office_s_part_offline_will_run_when_online(tmp_path: Path) -> None:
    """T-13."""
    async with flet_page() as page:
        it = await drawn(tmp_path, page, *GOOD)
        await it.tap("diag-start")

        assert "check-later" in it.names()
        assert "s’exécutera en ligne" in it.says
        assert "check-failed" not in it.names()


async def test_202_is_queued_with_its_time_and_never_shown_as_done(tmp_path: Path) -> None:
    """T-14."""
    async with flet_page() as page:
        it = await drawn(tmp_path, page, *GOOD)
        await it.tap("office-refresh")
        (check,) = await it.account.checking.checks(it.ont)
        path = f"/v1/equipment/{it.ont}"
        queued = act(check.id, "queued", until="2026-04-28T12:00:00Z")
        it.account.office.says("POST", f"{path}/acts", queued)
        await it.works()

        assert "en file, jusqu’à ce que l’appareil se présente" in it.says
        assert "Abandon le" in it.says
        assert "check-done" not in it.names()

        it.account.office.says("GET", f"{path}/acts", {"acts": [act(check.id, "done")]})
        it.account.office.says("GET", f"{path}/report", report(it.ont))
        await it.works()
        assert "check-queued" not in it.names()
        assert {"unit-modem", "unit-wifi", "unit-device"} <= it.names()


async def test_units_say_what_the_device_says(tmp_path: Path) -> None:
    async with flet_page() as page:
        it = await drawn(tmp_path, page, *GOOD, wide=True)
        it.account.office.says("GET", f"/v1/equipment/{it.ont}/report", report(it.ont))
        await it.account.checking.ask(it.ont, Wanted())
        await it.works()

        assert "-19,21 dBm" in it.says
        assert "2,4\u00a0GHz" in it.says
        assert "connectée" in it.says
        assert "office-channel-2.4GHz" in it.names()


async def test_failed_act_says_why(tmp_path: Path) -> None:
    async with flet_page() as page:
        it = await drawn(tmp_path, page, *GOOD)
        await it.tap("office-refresh")
        (check,) = await it.account.checking.checks(it.ont)
        failed = act(check.id, "failed", reason="cpe-refused", result={"code": "9001"})
        it.account.office.says("POST", f"/v1/equipment/{it.ont}/acts", failed)
        await it.works()

        assert "L’appareil a refusé (code 9001)." in it.says


async def test_run_is_attached_by_one_tap_and_says_so(tmp_path: Path) -> None:
    async with flet_page() as page:
        it = await drawn(tmp_path, page, *GOOD)
        await it.tap("diag-start")
        await it.tap("diag-attach")

        assert "Joint à la tâche comme preuve." in it.says
        assert "diag-attach" not in it.names()


async def test_raw_is_shown_when_asked_for_and_holds_no_secret(tmp_path: Path) -> None:
    async with flet_page() as page:
        it = await drawn(tmp_path, page, *GOOD)
        await it.tap("diag-start")
        await it.tap("diag-raw")

        assert '"hops"' in it.says
        assert "DO-NOT-LEAK" not in it.says


async def test_report_is_shared_as_a_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[bytes] = []

    class Picker:
        async def save_file(self, *, file_name: str, src_bytes: bytes) -> str:
            kept.append(src_bytes)
            return file_name

    monkeypatch.setattr(ft, "FilePicker", Picker)
    async with flet_page() as page:
        it = await drawn(tmp_path, page, *GOOD)
        await it.tap("diag-start")
        await it.tap("diag-pdf")
        for _ in range(20):
            await settle()
            if kept:
                break

        assert kept[0].startswith(b"%PDF")
        assert len(kept[0]) < 400_000
        assert it.workspace.notices.current is not None


async def test_device_of_a_customer_s_page_opens_to_what_the_office_knows(tmp_path: Path) -> None:
    """DX-01: the same units, without a job."""
    async with flet_page() as page:
        account, _, ont = visit(tmp_path)
        here = workspace(account, "/clients/CUST-00042")
        account.office.says("GET", f"/v1/equipment/{ont}/report", report(ont))
        page.render(lambda: FoldedDevice(scene(), here, ont))
        await settle()
        it = Drawn(page, account, here, ont)
        assert "unit-modem" not in it.names()

        await it.tap(f"diagnose-{ont}")
        await it.works()

        assert {"unit-modem", "unit-wifi", "unit-device", "office-refresh"} <= it.names()


async def test_person_who_may_only_look_is_offered_nothing_to_do(tmp_path: Path) -> None:
    async with flet_page() as page:
        account, _, ont = visit(tmp_path)
        account.person = Person("Julie", "j@example.com", None, frozenset({"billing"}))
        here = workspace(account, "/clients/CUST-00042")
        page.render(lambda: FoldedDevice(scene(), here, ont))
        await settle()
        it = Drawn(page, account, here, ont)

        await it.tap(f"diagnose-{ont}")

        assert "office-reboot" not in it.names()
