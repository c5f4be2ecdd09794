"""Connections towards the provider, and which of them counts."""

from field_core.cpe import addresses
from field_core.cpe.ledger import Ledger
from field_core.cpe.model import Wan
from field_core.cpe.tree import Tree
from field_core.cpe.wan_tr098 import connections_tr098
from field_core.cpe.wan_tr181 import connections_tr181


def read_wan(root: Tree, data_model: str | None, ledger: Ledger) -> list[Wan]:
    """Read every connection in use; the primary is the first with internet, else the first."""
    read = connections_tr181 if data_model == "TR-181" else connections_tr098
    found = read(root, ledger)
    primary = next((at for at, wan in enumerate(found) if "internet" in wan.services), 0)
    for at, wan in enumerate(found):
        if addresses.is_cgnat(wan.ipv4):
            ledger.warn("cgnat", f"wan.{at}.ipv4")
    return [wan.model_copy(update={"primary": at == primary}) for at, wan in enumerate(found)]
