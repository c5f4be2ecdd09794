"""The four letters that begin a GPON serial (ITU-T G.984.3, 9.2.4.1), and whose they are.

The ids are those that ONTs in the field have shown (the public list of hack-gpon, MIT); where a
maker is named it is called as in `field_core.labels.oui_table`, so that both can be compared.
"""

from collections.abc import Mapping
from typing import Final

VENDORS: Final[Mapping[str, str]] = {
    "ADTN": "Adtran", "ALCL": "Nokia", "ALLG": "", "ARCB": "Arcadyan", "ASKY": "Askey",
    "AVMG": "AVM", "CDKT": "", "CIGG": "CIG", "CXNK": "Calix", "DDKT": "", "DLNK": "D-Link",
    "DSNW": "Dasan Zhone", "ELTR": "Eltex", "ELTX": "Eltex", "FHTT": "FiberHome",
    "GMTK": "Gemtek", "GNXS": "Genexis", "GPNC": "", "GPON": "", "GTHG": "", "HALN": "",
    "HBMT": "Hisense", "HSGQ": "", "HUMA": "Humax", "HWTC": "Huawei", "ICTR": "Icotera",
    "ISKT": "Iskratel", "KAON": "Kaon", "LEOX": "", "LQDE": "", "MSTC": "MitraStar",
    "NOKG": "Nokia", "NOKW": "Nokia", "PTIN": "", "RTKG": "Realtek", "SCOM": "Sercomm",
    "SKYW": "Skyworth", "SMBS": "Sagemcom", "SPGA": "", "TMBB": "Vantiva", "TPLG": "TP-Link",
    "UBNT": "Ubiquiti", "UGRD": "", "YHTC": "", "YOTC": "", "ZTEG": "ZTE",
}  # fmt: skip


def near(letters: str) -> list[str]:
    """Return the known ids that differ in at most one letter, itself alone when it is known."""
    if letters in VENDORS:
        return [letters]
    return [known for known in VENDORS if _differences(known, letters) == 1]


def _differences(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))
