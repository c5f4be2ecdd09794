"""Labels as makers print them, with the identity each tells; more are made from these by noise.

The forms are those seen on devices (D-Link, Gemtek, HiSense, Huawei, Nokia, Sagemcom, Arcadyan,
ZTE, TP-Link, Calix, Adtran, Sercomm…); numbers are made up where a photo is not public.
"""

from typing import Final, NamedTuple

from field_core.labels import LabelText, Provenance


def code(text: str, symbology: str = "Code128") -> LabelText:
    return LabelText(text, Provenance.BARCODE, symbology)


class Sample(NamedTuple):
    texts: tuple[str | LabelText, ...]
    identity: dict[str, str]


RS, GS, EOT = "\x1e", "\x1d", "\x04"

CODES: Final = (
    Sample(
        (code("1C497BA8D9A6"), code("GMK170210005623")),
        {"mac_address": "1C:49:7B:A8:D9:A6", "serial_no": "GMK170210005623"},
    ),
    Sample((code("444C4E4B20400005"),), {"gpon_serial": "DLNK20400005"}),
    Sample((code("ALCLF1A2B3C4"),), {"gpon_serial": "ALCLF1A2B3C4"}),
    Sample((code("SMBS03A1B2C3"),), {"gpon_serial": "SMBS03A1B2C3"}),
    Sample((code("ARCB12AB34CD"),), {"gpon_serial": "ARCB12AB34CD"}),
    Sample((code("3FE49715AEAA"),), {"part_number": "3FE49715AEAA"}),
    Sample(
        (code("C2305592110"), code("133619"), code("0840246486837", "EAN13")),
        {"serial_no": "C2305592110", "product_code": "0840246486837"},
    ),
    Sample(
        (
            code(
                f"[)>{RS}06{GS}PLTF7267-BHA+{GS}H10394EB5DA90{GS}SHBMT22700048{RS}{EOT}",
                "DataMatrix",
            ),
        ),
        {
            "mac_address": "10:39:4E:B5:DA:90",
            "gpon_serial": "HBMT22700048",
            "part_number": "LTF7267-BHA+",
        },
    ),
    Sample(
        (
            code(
                f"[)>{RS}06{GS}P34060841{GS}1POM5052{GS}VHSC{GS}S030RVF6TG4033013{GS}4LCN{RS}{EOT}"
            ),
        ),
        {"serial_no": "030RVF6TG4033013", "part_number": "34060841", "model": "OM5052"},
    ),
    Sample((code(f"[)>{RS}06{GS}23SA42BB01C9F3E{RS}{EOT}"),), {"mac_address": "A4:2B:B0:1C:9F:3E"}),
    Sample((code("122222222222222", "Code39"),), {"serial_no": "122222222222222"}),
    Sample((code("A42BB01C9F3E", "Code39"),), {"mac_address": "A4:2B:B0:1C:9F:3E"}),
    Sample((code("882428015268", "UPCA"),), {"product_code": "882428015268"}),
    Sample((code("90311208", "EAN8"),), {"product_code": "90311208"}),
    Sample(
        (code('{"sn":"TPLGA1B2C3D4","macAddress":"A42BB01C9F3E","model":"XX230v","rev":2}', "QR"),),
        {"mac_address": "A4:2B:B0:1C:9F:3E", "gpon_serial": "TPLGA1B2C3D4", "model": "XX230v"},
    ),
    Sample(
        (code('{"device":[{"serial_number":"ABC12345678"}]}', "QR"),), {"serial_no": "ABC12345678"}
    ),
    Sample(
        (code("https://example.net/d?sn=ABC12345678&mac=A4-2B-B0-1C-9F-3E&x=1#top", "QR"),),
        {"mac_address": "A4:2B:B0:1C:9F:3E", "serial_no": "ABC12345678"},
    ),
    Sample(
        (code("S/N:224A1B0012;MAC:1C497BA8D9A6;MODEL:EX820v;", "QR"),),
        {"serial_no": "224A1B0012", "mac_address": "1C:49:7B:A8:D9:A6", "model": "EX820v"},
    ),
    Sample((code("FFFFFFFF1A2B3C4D"),), {"serial_no": "FFFFFFFF1A2B3C4D"}),
    Sample((code("352099001761481"),), {}),  # an IMEI: fifteen digits that pass Luhn's check
)

PRINTED: Final = (
    Sample(
        ("Model: HG8245H  SN: 48575443A1B2C3D4  MAC: 00E0FCA1B2C3",),
        {"model": "HG8245H", "gpon_serial": "HWTCA1B2C3D4", "mac_address": "00:E0:FC:A1:B2:C3"},
    ),
    Sample(
        ("GPON S/N: 444C4E4B20400005\nProduct S/N U101104023926",),
        {"gpon_serial": "DLNK20400005", "serial_no": "U101104023926"},
    ),
    Sample(
        ("D-SN: 219801A2B3C4\nSN: ZTEGC1234567\nEN: 4433221100",),
        {"gpon_serial": "ZTEGC1234567"},
    ),
    Sample(
        ("TP-Link XX230v", "GPON SN: TPLG-A1B2C3D4", "MAC: A4-2B-B0-1C-9F-3E"),
        {"gpon_serial": "TPLGA1B2C3D4", "mac_address": "A4:2B:B0:1C:9F:3E"},
    ),
    Sample(
        ("MAC\nA42BB01C9F3E\nS/N\nGMK170210005623",),
        {"mac_address": "A4:2B:B0:1C:9F:3E", "serial_no": "GMK170210005623"},
    ),
    Sample(
        ("ONT S/N: ALCLF1A2B3C4 | P/N 3FE49715AEAA | MAC ID: a42b.b01c.9f3e",),
        {
            "gpon_serial": "ALCLF1A2B3C4",
            "part_number": "3FE49715AEAA",
            "mac_address": "A4:2B:B0:1C:9F:3E",
        },
    ),
    Sample(
        ("LAN MAC: 1C:49:7B:A8:D9:A7  WAN MAC: 1C:49:7B:A8:D9:A6",),
        {"mac_address": "1C:49:7B:A8:D9:A6"},
    ),
    Sample(
        ("WLAN MAC: 1C:49:7B:A8:D9:A0, MAC: 1C:49:7B:A8:D9:A6",),
        {"mac_address": "1C:49:7B:A8:D9:A6"},
    ),
    Sample(
        ("Modèle : 844G-1   No de série : CXNK00A1B2C3   Adresse MAC : CC BE 59 01 02 03",),
        {"model": "844G-1", "gpon_serial": "CXNK00A1B2C3", "mac_address": "CC:BE:59:01:02:03"},
    ),
    Sample(
        ("S/N 224A1B0012 Made in China", "EAN: 0840246486837"),
        {"serial_no": "224A1B0012", "product_code": "0840246486837"},
    ),
    Sample(("A4:2B:B0:1C:9F:3E",), {"mac_address": "A4:2B:B0:1C:9F:3E"}),
    Sample(("SCOM 0A1B2C3D",), {"gpon_serial": "SCOM0A1B2C3D"}),
    Sample(("54:50:4C:47:A1:B2:C3:D4",), {"gpon_serial": "TPLGA1B2C3D4"}),
    Sample(("MAC: TPLGA1B2C3D4",), {"gpon_serial": "TPLGA1B2C3D4"}),
    Sample(("S/N: A4:2B:B0:1C:9F:3E",), {"mac_address": "A4:2B:B0:1C:9F:3E"}),
    Sample(("GPON SN: QQQQA1B2C3D4",), {"gpon_serial": "QQQQA1B2C3D4"}),
    Sample(("Made for you, type 5, 12 V 1.5 A, 10 20 30 40 50 60",), {}),
    Sample(("http://tplinkwifi.net", "www.example.com", "Rx power -18,4 dBm"), {}),
)

VENDOR_SERIALS: Final = (
    "ADTN1A2B3C4D", "ALCL1A2B3C4D", "ARCB1A2B3C4D", "ASKY1A2B3C4D", "AVMG1A2B3C4D",
    "CIGG1A2B3C4D", "CXNK1A2B3C4D", "DLNK1A2B3C4D", "DSNW1A2B3C4D", "ELTX1A2B3C4D",
    "FHTT1A2B3C4D", "GMTK1A2B3C4D", "GNXS1A2B3C4D", "HALN1A2B3C4D", "HBMT1A2B3C4D",
    "HUMA1A2B3C4D", "HWTC1A2B3C4D", "ISKT1A2B3C4D", "KAON1A2B3C4D", "MSTC1A2B3C4D",
    "NOKW1A2B3C4D", "PTIN1A2B3C4D", "RTKG1A2B3C4D", "SCOM1A2B3C4D", "SKYW1A2B3C4D",
    "SMBS1A2B3C4D", "TMBB1A2B3C4D", "TPLG1A2B3C4D", "UBNT1A2B3C4D", "ZTEG1A2B3C4D",
)  # fmt: skip

FORMS: Final = (
    "{serial}",
    "S/N: {serial}",
    "GPON S/N:{serial}  MAC: A4:2B:B0:1C:9F:3E",
    "ONT SN\n{serial}\nModel\nX1",
    "{letters}-{digits}",
)
"""Every vendor in every form makes 150 texts more."""
