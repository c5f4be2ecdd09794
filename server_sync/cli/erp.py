"""The ERP: set a site up, look at it, fill it, import it; and serve the embedded one."""

import argparse
import asyncio
from typing import Any, Final

import uvicorn
from pydantic import SecretStr

from server_sync.billing.print_format import wanted_format
from server_sync.cli.command import Commands, UsageError, add, add_group
from server_sync.cli.console import agrees, show
from server_sync.cli.progress import Bar
from server_sync.clock import SystemClock, today_at
from server_sync.compose import ERP_FILE, WithWorker, calling, create, open_embedded, rand
from server_sync.compose.books import wanted_books
from server_sync.erp import FrappeClient, Imported, Patience, first_import
from server_sync.erp.setup import (
    Check,
    Checker,
    Installer,
    Mapped,
    Outcome,
    Plan,
    Seeder,
    Verdict,
    webhooks,
)
from server_sync.settings import Settings

WEBHOOK_PATH: Final = "/v1/erp/webhook"
PENDING: Final = 3
"""The exit code of a dry run that found something to do."""


def add_commands(commands: Commands) -> None:
    """Add `erp …`."""
    group = add_group(commands, "erp", "ERPNext, and the embedded ERP.")
    one = add(group, "serve", serve)
    one.add_argument("--host", default="127.0.0.1")
    one.add_argument("--port", type=int, default=8069)
    one.add_argument("--bare", action="store_true", help="as ERPNext ships it, nothing set up")
    one = _calling(add(group, "install", install))
    one.add_argument("--dry-run", action="store_true", help="only say what would be done")
    one.add_argument("--yes", action="store_true", help="do not ask")
    one.add_argument("--service-user", default="", help="who gets the role; the key's user if none")
    text = "Doctype.their_field=our_field: take values over; may be given again"
    one.add_argument("--map", action="append", default=[], metavar="MAP", help=text)
    one = _calling(add(group, "check", check))
    one.add_argument("--service-user", default="", help="whose role is looked at")

    one = _calling(add(group, "seed-demo", seed_demo))
    one.add_argument("--force", action="store_true", help="even if the site holds customers")
    _calling(add(group, "import", import_site))


def _calling(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add what every command that calls a site takes; settings stand behind."""
    parser.add_argument("--url", help="of the site; ERPNEXT_URL")
    parser.add_argument("--key", help="API key; ERPNEXT_API_KEY")
    parser.add_argument("--secret", help="its secret; ERPNEXT_API_SECRET keeps it out of `ps`")
    parser.add_argument("--server", default="", help="where the ERP reaches this server")
    parser.add_argument("--json", action="store_true")
    return parser


def serve(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve the embedded ERP alone, for tools that speak to an ERPNext."""
    if not settings.erpnext_api_secret.get_secret_value():
        raise UsageError("set ERPNEXT_API_KEY and ERPNEXT_API_SECRET, which callers will need")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    erp = open_embedded(
        settings,
        file=settings.data_dir / ERP_FILE,
        clock=SystemClock(),
        is_bare=arguments.bare,
    )
    try:
        uvicorn.run(
            WithWorker(erp),
            host=arguments.host,
            port=arguments.port,
            server_header=False,
            log_level="warning",
        )
    finally:
        erp.close()
    return 0


def install(arguments: argparse.Namespace, settings: Settings) -> int:
    """Set a site up for the field; what is there already stays, and a second run does nothing."""
    settings = called(arguments, settings)
    if arguments.dry_run:
        plan = asyncio.run(_planned(arguments, settings))
        _show(plan.rows(), as_json=arguments.json)
        return _standing(plan, as_json=arguments.json)
    plan = asyncio.run(_planned(arguments, settings))
    if plan.steps and not arguments.yes:
        _show(plan.rows(), as_json=False)
        if not agrees(f"{len(plan.steps)} steps on {settings.erpnext_url}. Go on?"):
            return PENDING
    outcome = asyncio.run(_installed(arguments, settings))
    return _tell(outcome, as_json=arguments.json)


def _show(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    """Print a table, if there is anything in it."""
    if rows or as_json:
        show(rows, as_json=as_json)


async def _planned(arguments: argparse.Namespace, settings: Settings) -> Plan:
    async with calling(settings) as client:
        return await _installer(client, arguments, settings).plan()


async def _installed(arguments: argparse.Namespace, settings: Settings) -> Outcome:
    bar = Bar()
    async with calling(settings) as client:
        try:
            return await _installer(client, arguments, settings).run(bar)
        finally:
            bar.end()


def _installer(
    client: FrappeClient, arguments: argparse.Namespace, settings: Settings
) -> Installer:
    secret = settings.erpnext_webhook_secret.get_secret_value()
    url = f"{arguments.server.rstrip('/')}{WEBHOOK_PATH}" if arguments.server else ""
    return Installer(
        client,
        webhooks(url, secret, arguments.service_user),
        Patience(asyncio.sleep, rand),
        service_user=arguments.service_user,
        mapped=_mapped(getattr(arguments, "map", [])),
        formats=(wanted_format(),),
        books=wanted_books(settings),
    )


def _mapped(texts: list[str]) -> tuple[Mapped, ...]:
    try:
        return tuple(map(Mapped.parse, texts))
    except ValueError as error:
        raise UsageError(str(error)) from error


def _standing(plan: Plan, *, as_json: bool) -> int:
    if not as_json:
        print(f"{len(plan.steps)} steps to make" if plan.steps else "nothing to do")
    if plan.needs_a_person:
        return 1
    return PENDING if plan.steps else 0


def _tell(outcome: Outcome, *, as_json: bool) -> int:
    """Print what was made, what the ERP refused in its own words, and what a person must decide."""
    rows: list[dict[str, Any]] = [{**step.row(), "how": "done"} for step in outcome.done]
    rows += [{**step.row(), "how": f"refused: {said}"} for step, said in outcome.refused]
    rows += [{**step.row(), "how": "answered well, and is not there"} for step in outcome.left]
    rows += [{**one.row(), "how": ""} for one in outcome.plan.findings]
    _show(rows, as_json=as_json)
    if not as_json:
        print(f"{len(outcome.done)} steps made" if outcome.done else "nothing to do")
    return 0 if outcome.is_complete else 1


def check(arguments: argparse.Namespace, settings: Settings) -> int:
    """Look at a site: lists, amounts, time, rights, writing, webhooks; and say what to do."""
    settings = called(arguments, settings)
    found = asyncio.run(_checked(arguments, settings))
    show([one.row() for one in found], as_json=arguments.json)
    return 1 if any(one.verdict is Verdict.BAD for one in found) else 0


async def _checked(arguments: argparse.Namespace, settings: Settings) -> tuple[Check, ...]:
    async with calling(settings) as client:
        checker = Checker(
            _installer(client, arguments, settings),
            now=SystemClock().now,
            site_time_zone=settings.site_time_zone,
            has_secret=bool(settings.erpnext_webhook_secret.get_secret_value()),
            server_url=arguments.server,
        )
        return await checker.run()


def seed_demo(arguments: argparse.Namespace, settings: Settings) -> int:
    """Fill an empty site with the demo company; a site with customers of its own is refused."""
    left_out = asyncio.run(_seeded(arguments, called(arguments, settings)))
    if left_out or arguments.json:
        show([{"left out": one} for one in left_out], as_json=arguments.json)
    return 0


async def _seeded(arguments: argparse.Namespace, settings: Settings) -> list[str]:
    from server_sync.demo import company, load  # noqa: PLC0415  # the demo's data is large, and only this needs it

    made, bar = company(today_at(SystemClock(), settings.zone)), Bar()
    total = sum(map(len, made.documents.values()))
    async with calling(settings) as client:
        seeder = Seeder(
            client,
            Patience(asyncio.sleep, rand),
            tick=lambda done, what: bar(done, total, what),
        )
        if not arguments.force and not await seeder.is_free():
            raise UsageError("the site holds customers of its own: pass --force to add to them")
        try:
            await load(made, seeder.insert, update=seeder.update)
        finally:
            bar.end()
    return seeder.left_out


def import_site(arguments: argparse.Namespace, settings: Settings) -> int:
    """Read the whole site into the server's store; a run that was cut goes on where it stopped."""
    settings = called(arguments, settings)
    found = asyncio.run(_imported(settings))
    row = {
        "documents": found.documents,
        "held": found.held,
        "of": found.total,
        "seconds": round(found.seconds, 1),
        "per_second": round(found.per_second),
        "problem": found.problem,
    }
    show([row], as_json=arguments.json)
    return 1 if found.problem else 0


async def _imported(settings: Settings) -> Imported:
    bar, server = Bar(), create(settings)
    assert server.erp, "settings name a site"
    try:
        return await first_import(
            server.erp,
            bar,
            patience=Patience(asyncio.sleep, rand),
            monotonic=server.context.monotonic,
        )
    finally:
        bar.end()
        await server.erp.close()
        server.close()


def called(arguments: argparse.Namespace, settings: Settings) -> Settings:
    """Return the settings with the site that a command names; refuses to go on without one."""
    given = {
        "erpnext_url": arguments.url,
        "erpnext_api_key": arguments.key,
        "erpnext_api_secret": arguments.secret and SecretStr(arguments.secret),
    }
    settings = settings.model_copy(update={name: v for name, v in given.items() if v})
    if not settings.erpnext_url or not settings.erpnext_api_secret.get_secret_value():
        raise UsageError("name the site: --url, --key and --secret, or ERPNEXT_URL and its key")
    if arguments.server and not settings.erpnext_webhook_secret.get_secret_value():
        raise UsageError("set ERPNEXT_WEBHOOK_SECRET: webhooks are signed with it")
    return settings
