"""Make `field_core/labels/oui_table.py` from the IEEE's list: `scripts/oui_table.py oui.csv`.

The list is the one that Debian packages as `ieee-data`; IEEE asserts no copyright in it.
"""

import csv
import re
import sys
import textwrap
from collections import defaultdict
from pathlib import Path
from typing import Final

TABLE: Final = Path(__file__).resolve().parent.parent / "field_core" / "labels" / "oui_table.py"

MAKERS: Final = {
    "2Wire": r"^2wire",
    "ASUS": r"^asustek",
    "AVM": r"^avm ",
    "Actiontec": r"^actiontec",
    "Adtran": r"^adtran",
    "AirTies": r"^airties",
    "Alpha Networks": r"^alpha networks",
    "Amino": r"^amino",
    "Arcadyan": r"^arcadyan",
    "Askey": r"^askey",
    "C-Data": r"c-data",
    "CIG": r"^cig shanghai|^cambridge industries",
    "Calix": r"^calix",
    "Cambium": r"^cambium",
    "CommScope": r"^arris|commscope|ruckus",
    "Compal Broadband": r"^compal broadband",
    "D-Link": r"^d-?link",
    "Dasan Zhone": r"^dasan|^dzs|zhone",
    "Edgecore": r"^edgecore|accton",
    "Eltex": r"^eltex",
    "FiberHome": r"fiberhome|^wuhan.*fiber",
    "Freebox": r"^freebox",
    "Gemtek": r"^gemtek",
    "Genexis": r"^genexis|^inteno",
    "Google": r"^google",
    "Grandstream": r"^grandstream",
    "Hisense": r"hisense",
    "Hitron": r"^hitron",
    "Huawei": r"huawei tech",
    "Humax": r"humax",
    "Icotera": r"^icotera",
    "Intelbras": r"intelbras",
    "Iskratel": r"^iskratel",
    "Kaon": r"^kaon",
    "Linksys": r"^cisco-linksys|^linksys|^belkin",
    "MikroTik": r"^routerboard|mikrotik",
    "MitraStar": r"^mitrastar",
    "Motorola": r"^motorola (mobility|.*broadband|.*home)|^general instrument",
    "Netgear": r"^netgear",
    "Nokia": r"nokia|alcatel|lucent",
    "Pace": r"^pace ",
    "Plume": r"^plume",
    "Realtek": r"^realtek",
    "Sagemcom": r"sagemcom|^sagem",
    "Sercomm": r"^sercomm",
    "Skyworth": r"skyworth",
    "SmartRG": r"^smartrg",
    "Sumitomo": r"^sumitomo electric",
    "T&W": r"^taicang t",
    "TP-Link": r"tp-?link",
    "Tenda": r"^tenda",
    "Tianyi": r"tianyi",
    "Ubee": r"^ubee",
    "Ubiquiti": r"^ubiquiti",
    "V-SOL": r"^guangzhou v-solution|v-sol",
    "Vantiva": r"technicolor|thomson telecom|vantiva",
    "Wistron NeWeb": r"^wistron neweb",
    "Youhua": r"youhua",
    "ZTE": r"^zte",
    "Zyxel": r"^zyxel",
    "devolo": r"^devolo",
    "eero": r"^eero",
}
HEAD: Final = '''\
"""Prefixes of MACs by maker, six digits each; made by `scripts/oui_table.py` from IEEE's list."""

from collections.abc import Mapping
from typing import Final

PREFIXES: Final[Mapping[str, str]] = {
'''


def prefixes(source: Path) -> dict[str, list[str]]:
    """Return the 24-bit prefixes of each maker, sorted."""
    found = defaultdict(set)
    with source.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = row["Organization Name"].lower()
            maker = next((m for m, shape in MAKERS.items() if re.search(shape, name)), None)
            if maker and row["Registry"] == "MA-L":
                found[maker].add(row["Assignment"])
    return {maker: sorted(found[maker]) for maker in sorted(found)}


def module(table: dict[str, list[str]]) -> str:
    """Return the source text of the table."""
    entries = []
    for maker, digits in table.items():
        lines = [f'        "{line}"' for line in textwrap.wrap("".join(digits), 84)]
        entries.append("\n".join([f'    "{maker}": (', *lines, "    ),"]))
    return HEAD + "\n".join(entries) + "\n}  # fmt: skip\n"


if __name__ == "__main__":
    TABLE.write_text(module(prefixes(Path(sys.argv[1]))), encoding="utf-8")
