"""What a site has now, as far as setting it up is concerned: read once, compared elsewhere."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from server_sync.erp.client import FrappeClient
from server_sync.erp.failures import ErpNotFound, ErpRefused
from server_sync.erp.setup.copying import Mapped, count_uncopied
from server_sync.erp.setup.print_format import DOCTYPE as PRINT_FORMAT
from server_sync.erp.setup.print_format import WantedFormat
from server_sync.erp.setup.wanted import (
    MANAGER,
    RIGHTS,
    ROLES,
    WEBHOOK_PREFIX,
    own_doctypes,
    permitted,
    standard_doctypes,
)

Row = Mapping[str, Any]
_FIELD_COLUMNS: Final = (
    *("name", "dt", "fieldname", "fieldtype", "options", "reqd", "unique", "permlevel", "default"),
)


@dataclass(frozen=True, slots=True)
class Present:
    """A doctype that the site has: its document, and its fields with the custom ones."""

    raw: Row
    custom_fields: tuple[Row, ...]
    setters: Mapping[tuple[str, str], str]
    """Property Setters: (field, property) to value."""

    @property
    def is_custom(self) -> bool:
        """Whether it was made on the site; the others keep their form and get Custom Fields."""
        return bool(self.raw.get("custom"))

    def fields(self) -> dict[str, dict[str, Any]]:
        """Every field by name, as it counts: Property Setters applied."""
        found = {str(row["fieldname"]): dict(row) for row in self.raw.get("fields", ())}
        found |= {str(row["fieldname"]): dict(row) for row in self.custom_fields}
        for (name, prop), value in self.setters.items():
            if name in found:
                found[name][prop] = value
        return found


@dataclass(frozen=True, slots=True)
class SiteState:
    """Everything that a plan is made from."""

    user: str
    user_roles: frozenset[str]
    roles: frozenset[str]
    doctypes: Mapping[str, Present]
    custom_permissions: Mapping[str, Sequence[Row]]
    webhooks: Mapping[str, Row]
    uncopied: Mapping[Mapped, int] = field(default_factory=dict)
    """How many documents have a mapped value under their name and not under ours."""
    formats: Mapping[str, Row] = field(default_factory=dict)


async def _formats(client: FrappeClient, wanted: Sequence[WantedFormat]) -> dict[str, Row]:
    if not wanted:
        return {}
    names = [one.name for one in wanted]
    columns = ["name", *wanted[0].form()]
    rows = await client.rows(PRINT_FORMAT, columns, filters=[("name", "in", names)])
    return {str(row["name"]): row for row in rows}


async def read_site(
    client: FrappeClient,
    *,
    service_user: str = "",
    mapped: Sequence[Mapped] = (),
    formats: Sequence[WantedFormat] = (),
) -> SiteState:
    """Read what is there. Raises ErpRefused unless the caller is a System Manager.

    service_user: whose roles are looked at; the caller's own when empty.
    """
    caller = str(await client.method("frappe.auth.get_logged_user", {}, is_write=False))
    user = service_user or caller
    names = [one.name for one in (*own_doctypes(), *standard_doctypes())]
    try:
        caller_roles = await _roles_of(client, caller)
        roles = await client.rows("Role", ["name"], filters=[("name", "in", [*ROLES])])
        doctypes = await _doctypes(client, names)
        fields = {name: present.fields() for name, present in doctypes.items()}
        return SiteState(
            user=user,
            user_roles=caller_roles if user == caller else await _roles_of(client, user),
            roles=frozenset(str(row["name"]) for row in roles),
            doctypes=doctypes,
            custom_permissions=await _custom_permissions(client, [*names, *permitted()]),
            webhooks=await _webhooks(client),
            uncopied=await count_uncopied(client, mapped, fields),
            formats=await _formats(client, formats),
        )
    except ErpRefused as refusal:
        if refusal.exc_type != "PermissionError":
            raise
        raise ErpRefused(f"{caller} needs the role {MANAGER} to set up a site") from refusal


async def _roles_of(client: FrappeClient, user: str) -> frozenset[str]:
    try:
        raw = await client.get("User", user)
    except ErpNotFound as missing:
        raise ErpRefused(f"the site has no user {user}") from missing
    return frozenset(str(row.get("role")) for row in raw.get("roles", ()))


async def _doctypes(client: FrappeClient, names: Sequence[str]) -> dict[str, Present]:
    rows = await client.rows("DocType", ["name"], filters=[("name", "in", list(names))])
    there = [str(row["name"]) for row in rows]
    raws = await asyncio.gather(*(client.get("DocType", name) for name in there))
    customs = await client.rows(
        "Custom Field", _FIELD_COLUMNS, filters=[("dt", "in", there or [""])]
    )
    setters = await client.rows(
        "Property Setter",
        ["doc_type", "field_name", "property", "value"],
        filters=[("doc_type", "in", there or [""])],
    )
    by_doctype = _grouped(customs, "dt")
    set_by_doctype = _grouped(setters, "doc_type")
    return {
        name: Present(
            raw,
            tuple(by_doctype[name]),
            {
                (str(row["field_name"]), str(row["property"])): str(row["value"] or "")
                for row in set_by_doctype[name]
                if row["field_name"]
            },
        )
        for name, raw in zip(there, raws, strict=True)
    }


async def _custom_permissions(
    client: FrappeClient, names: Sequence[str]
) -> Mapping[str, Sequence[Row]]:
    columns = ["name", "parent", "role", "permlevel", *RIGHTS]
    rows = await client.rows("Custom DocPerm", columns, filters=[("parent", "in", list(names))])
    return _grouped(rows, "parent")


async def _webhooks(client: FrappeClient) -> dict[str, Row]:
    rows = await client.rows("Webhook", ["name"], filters=[("name", "like", f"{WEBHOOK_PREFIX}%")])
    names = [str(row["name"]) for row in rows]
    raws = await asyncio.gather(*(client.get("Webhook", name) for name in names))
    return dict(zip(names, raws, strict=True))


def _grouped(rows: Iterable[Row], column: str) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[str(row[column])].append(row)
    return found
