"""`field-app diagnose`: a run from the command line, live for people, whole as JSON for scripts."""

import argparse
import asyncio

from field_app.cli.console import Console, Exit
from field_app.cli.reading import opened
from field_app.compose import ask_once, make_runner
from field_app.ports import Diagnosing, Order
from field_app.sync import queries
from field_app.sync.orders import order_for
from field_core.cpe import Grade
from field_core.diagnosis import QUANTITIES, Ended, ProbeStarted, Result, Run
from field_core.diagnosis.quantities import METHODS, PROBES, TARGETS, said, value_said
from field_core.problems import ProblemError


def diagnose(console: Console, args: argparse.Namespace) -> Exit:
    """Run the probes of a profile; ends with 1 when the headline is a fault."""
    order = _order(console, args)
    run = asyncio.run(_followed(console, order, args.gateway))
    console.tell(run.model_dump(mode="json"))
    if not console.as_json:
        _show(console, run)
    return Exit.FAILED if run.verdicts[0].grade is Grade.BAD else Exit.DONE


def _order(console: Console, args: argparse.Namespace) -> Order:
    """Take from the job what it says; raises ProblemError when it is not here."""
    if args.job is None:
        return Order(profile=args.profile or "full")
    with opened(console) as account:
        _, body = queries.find(account.replica, "Dispatch Job", args.job)
        name = str(body.get("name") or args.job)
        return order_for(account.replica, body, name=name, profile=args.profile)


async def _followed(console: Console, order: Order, gateway: str | None) -> Run:
    words, under_way = console.words, _runner(console, gateway).begin(order)
    async for event in under_way:
        match event:
            case ProbeStarted(probe):
                console.say(words("diagnose.started", probe=said(PROBES[probe], words.language)))
            case Ended(run):
                return run
            case _:
                continue
    raise AssertionError("a run always ends")


def _runner(console: Console, gateway: str | None) -> Diagnosing:
    """Measure against the server of the account that is signed in, if one is."""
    here = console.machine
    try:
        account = here.open()
    except ProblemError:
        return make_runner(here, gateway=gateway)
    try:
        server, session = account.info.server, here.session(account.folder)
    finally:
        account.close()
    access = session["access"] if session else None
    ask = ask_once(server, access, stall_s=here.settings.stall_s)
    return make_runner(here, server=server, ask=ask, gateway=gateway)


def _show(console: Console, run: Run) -> None:
    """Write the verdict first, then what to do, then the numbers."""
    words = console.words
    is_english = words.language == "en"
    headline, *others = run.verdicts
    console.say()
    console.say(headline.en if is_english else headline.fr)
    action = headline.action_en if is_english else headline.action_fr
    console.say(words("diagnose.action", action=action))
    for verdict in others:
        console.say(f"  · {verdict.en if is_english else verdict.fr}")
    console.say()
    heads = [words(f"head.{name}") for name in ("quantity", "target", "value", "grade", "method")]
    console.table(heads, [_row(console, result) for result in run.results])
    console.say()
    key = f"diagnose.cut.{run.cut}" if run.cut else "diagnose.took"
    console.say(words(key, seconds=words.number(run.took_s or 0)))


def _row(console: Console, result: Result) -> tuple[str, ...]:
    words, language = console.words, console.words.language
    return (
        QUANTITIES[result.quantity].said(language),
        said(TARGETS[result.target], language),
        value_said(result, language),
        words(f"grade.{result.grade}") if result.grade else "",
        said(METHODS[result.method], language) if result.method else "",
    )
