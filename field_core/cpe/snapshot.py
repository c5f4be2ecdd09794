"""A GenieACS device document as a `cpe-snapshot/1`.

Total: whatever comes in, a snapshot comes out; what is not believable is None. The document is
redacted before any reader sees it. Pure: the instant is an argument.
"""

from datetime import datetime, timedelta
from typing import Final, Literal

from field_core.cpe import parsing
from field_core.cpe.clients import read_clients
from field_core.cpe.device import read_device
from field_core.cpe.health import health_of
from field_core.cpe.lan import by_mac, read_lan
from field_core.cpe.ledger import Ledger, instant
from field_core.cpe.mesh import counted, members, read_nodes
from field_core.cpe.mesh_data import read_network
from field_core.cpe.model import CpeSnapshot, Grade, Health, Mesh, Optical, Wifi
from field_core.cpe.optical import read_optical
from field_core.cpe.radios import read_radios
from field_core.cpe.redaction import redact
from field_core.cpe.ssids import read_ssids
from field_core.cpe.tree import Leaf, Tree
from field_core.cpe.wan import read_wan
from field_core.instants import to_text

STALE_AFTER: Final = timedelta(minutes=15)
"""Three of the usual inform intervals; a longer interval counts twice."""
INTERVAL_S_MAX: Final = 7 * 86_400
"""No device of ours informs less often than once a week."""

_ROOTS: Final[tuple[tuple[str, Literal["TR-181", "TR-098"]], ...]] = (
    ("Device", "TR-181"),
    ("InternetGatewayDevice", "TR-098"),
)


def normalise(document: object, *, now: datetime | str) -> CpeSnapshot:
    """Read a device document as the ACS's API gives it, as of an aware instant or ISO 8601 text."""
    tree = Tree(redact(document))
    moment = instant(now)
    ledger = Ledger(moment)
    root, data_model = _root(tree)
    ssids = read_ssids(root, ledger)
    network = read_network(root, ssids)
    device = read_device(tree, root, ledger)
    optical = read_optical(root, device, ledger)
    wan = read_wan(root, data_model, ledger)
    lan = read_lan(root, ledger)
    hosts = by_mac(lan.hosts)
    nodes = read_nodes(root, network, hosts, ledger)
    known = members(root, network, nodes, hosts)
    clients = read_clients(root, network, hosts, known, ledger)
    nodes = counted(nodes, clients)
    health = health_of(optical, wan, clients, nodes)
    informed = tree.member("_lastInform")
    _warn(ledger, root, optical, health, informed)
    return CpeSnapshot(
        evaluate_at=to_text(moment) if moment else None,
        last_inform=str(informed.value) if instant(informed.value) else None,
        inform_age_s=ledger.age_s(str(informed.value)),
        device_id=parsing.text(tree.member("_id").value),
        data_model=data_model,
        device=device,
        optical=optical,
        wan=wan,
        wifi=Wifi(
            radios=read_radios(root, network, ledger),
            ssids=ssids,
            clients=clients,
        ),
        lan=lan,
        mesh=Mesh(enabled=any(node.role == "agent" for node in nodes), nodes=nodes),
        health=health,
        warnings=ledger.warnings,
        provenance=ledger.provenance,
    )


def _root(tree: Tree) -> tuple[Tree, Literal["TR-181", "TR-098"] | None]:
    """Return the data model's root; of two the one that says who the device is."""
    found = [(tree.at(name), model) for name, model in _ROOTS if tree.at(name)]
    telling = [pair for pair in found if pair[0].at("DeviceInfo")]
    return next(iter([*telling, *found]), (Tree(None), None))


def _warn(ledger: Ledger, root: Tree, optical: Optical, health: Health, informed: Leaf) -> None:
    if optical.rx_dbm is None and (optical.present or health.optical is Grade.UNKNOWN):
        ledger.warn("missing", "optical.rx_dbm")
    if health.wan is Grade.UNKNOWN:
        ledger.warn("missing", "wan")
    if _is_stale(ledger, root, informed):
        ledger.warn("stale", "last_inform")


def _is_stale(ledger: Ledger, root: Tree, informed: Leaf) -> bool:
    interval = parsing.count(root.leaf("ManagementServer.PeriodicInformInterval").value) or 0
    patience = max(STALE_AFTER, 2 * timedelta(seconds=min(interval, INTERVAL_S_MAX)))
    age_s = ledger.age_s(str(informed.value))
    return age_s is not None and age_s > patience.total_seconds()
