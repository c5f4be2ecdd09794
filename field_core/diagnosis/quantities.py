"""What can be measured: its name in both languages, its unit, and the limits it is graded by."""

# ruff: noqa: E501 - the catalogue is a table: one row each, to be read down its columns

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from field_core.cpe.thresholds import Limits, Thresholds
from field_core.diagnosis.model import Probe, Result, Target
from field_core.numbers import write_number

LimitName = Literal[
    "idle_latency_ms", "loss_of_20", "loaded_latency_ms", "throughput_pct_of_plan",
    "client_rssi_dbm", "module_temperature_c", "channel_busy_pct", "backhaul_rssi_dbm",
]  # fmt: skip


class Quantity(NamedTuple):
    """A quantity's words, unit and limits; only `targets` are graded, all of them when empty."""

    probe: Probe
    fr: str
    en: str
    unit: str | None = None
    limits: LimitName | None = None
    targets: tuple[Target, ...] = ()

    def said(self, language: str) -> str:
        """Name it."""
        return self.en if language == "en" else self.fr

    def limits_in(self, thresholds: Thresholds, target: Target) -> Limits | None:
        """Return the limits that a value of this target is graded by."""
        if self.limits is None or (self.targets and target not in self.targets):
            return None
        limits: Limits = getattr(thresholds, self.limits)
        return limits


_P: Final = Probe
_NEAR: Final = (Target.GATEWAY, Target.SERVER)

QUANTITIES: Final[Mapping[str, Quantity]] = {
    "gateway-address": Quantity(_P.GATEWAY, "Adresse de la passerelle", "Gateway address"),
    "gateway-mac": Quantity(_P.GATEWAY, "Adresse MAC de la passerelle", "Gateway MAC address"),
    "link-kind": Quantity(_P.LINK, "Lien de cet appareil", "This device’s link"),
    "link-rate": Quantity(_P.LINK, "Débit négocié du lien", "Negotiated link rate", "Mbit/s"),
    "wifi-band": Quantity(_P.LINK, "Bande Wi-Fi", "Wi-Fi band", "GHz"),
    "wifi-signal": Quantity(_P.LINK, "Signal Wi-Fi reçu ici", "Wi-Fi signal here", "dBm", "client_rssi_dbm"),
    "wifi-network": Quantity(_P.LINK, "Réseau Wi-Fi", "Wi-Fi network"),
    "dns-time": Quantity(_P.DNS, "Réponse DNS", "DNS answer", "ms"),
    "dns-answer": Quantity(_P.DNS, "Adresses données par le DNS", "Addresses the DNS gives"),
    "latency": Quantity(_P.PING, "Latence (médiane)", "Latency (median)", "ms", "idle_latency_ms", _NEAR),
    "latency-p95": Quantity(_P.PING, "Latence (95e centile)", "Latency (95th percentile)", "ms"),
    "jitter": Quantity(_P.PING, "Gigue (RFC 3550)", "Jitter (RFC 3550)", "ms"),
    "loss": Quantity(_P.PING, "Paquets perdus", "Packets lost", None, "loss_of_20"),
    "wan-status": Quantity(_P.IGD, "État de la connexion", "Connection state"),
    "wan-error": Quantity(_P.IGD, "Dernière erreur de connexion", "Last connection error"),
    "wan-uptime": Quantity(_P.IGD, "Connecté depuis", "Connected for", "s"),
    "wan-address": Quantity(_P.IGD, "Adresse externe", "External address"),
    "wan-rate-down": Quantity(_P.IGD, "Trafic réel de la ligne, descendant", "Line traffic now, down", "Mbit/s"),
    "wan-rate-up": Quantity(_P.IGD, "Trafic réel de la ligne, montant", "Line traffic now, up", "Mbit/s"),
    "wan-link-down": Quantity(_P.IGD, "Débit annoncé du lien, descendant", "Announced link rate, down", "Mbit/s"),
    "wan-link-up": Quantity(_P.IGD, "Débit annoncé du lien, montant", "Announced link rate, up", "Mbit/s"),
    "snmp-model": Quantity(_P.SNMP, "Modèle (SNMP)", "Model (SNMP)"),
    "snmp-uptime": Quantity(_P.SNMP, "En marche depuis (SNMP)", "Running for (SNMP)", "s"),
    "snmp-cpu": Quantity(_P.SNMP, "Processeur (SNMP)", "Processor (SNMP)", "%"),
    "snmp-memory": Quantity(_P.SNMP, "Mémoire (SNMP)", "Memory (SNMP)", "%"),
    "snmp-hosts": Quantity(_P.SNMP, "Appareils vus sur le réseau local", "Hosts seen on the LAN"),
    "snmp-ports-up": Quantity(_P.SNMP, "Interfaces actives", "Interfaces up"),
    "optical-rx": Quantity(_P.SNMP, "Niveau optique reçu", "Optical receive level", "dBm"),
    "optical-tx": Quantity(_P.SNMP, "Puissance optique émise", "Optical launch power", "dBm"),
    "optical-temperature": Quantity(_P.SNMP, "Température du module optique", "Optical module temperature", "°C", "module_temperature_c"),
    "hops": Quantity(_P.TRACE, "Nombre de sauts", "Hops"),
    "hop-last": Quantity(_P.TRACE, "Dernier saut qui répond", "Last hop that answers"),
    "throughput-down": Quantity(_P.THROUGHPUT, "Débit descendant mesuré", "Measured download", "Mbit/s"),
    "throughput-up": Quantity(_P.THROUGHPUT, "Débit montant mesuré", "Measured upload", "Mbit/s"),
    "throughput-of-plan": Quantity(_P.THROUGHPUT, "Débit descendant de la ligne, part du forfait", "Line download, share of the plan", "%", "throughput_pct_of_plan"),
    "throughput-up-of-plan": Quantity(_P.THROUGHPUT, "Débit montant de la ligne, part du forfait", "Line upload, share of the plan", "%", "throughput_pct_of_plan"),
    "latency-loaded": Quantity(_P.LOADED, "Latence sous charge", "Latency under load", "ms"),
    "latency-added": Quantity(_P.LOADED, "Latence ajoutée par la charge", "Latency added by load", "ms", "loaded_latency_ms"),
    "device-model": Quantity(_P.ACS, "Modèle", "Model"),
    "device-firmware": Quantity(_P.ACS, "Micrologiciel", "Firmware"),
    "device-uptime": Quantity(_P.ACS, "En marche depuis", "Running for", "s"),
    "device-cpu": Quantity(_P.ACS, "Processeur", "Processor", "%"),
    "device-memory": Quantity(_P.ACS, "Mémoire", "Memory", "%"),
    "line-status": Quantity(_P.ACS, "Connexion Internet", "Internet connection"),
    "line-address": Quantity(_P.ACS, "Adresse de la ligne", "Address of the line"),
    "line-uptime": Quantity(_P.ACS, "Connectée depuis", "Connected for", "s"),
    "line-vlan": Quantity(_P.ACS, "VLAN", "VLAN"),
    "onu-state": Quantity(_P.ACS, "État de l’ONT", "State of the ONT"),
    "wifi-channel": Quantity(_P.ACS, "Canal", "Channel"),
    "channel-busy": Quantity(_P.ACS, "Canal occupé", "Channel busy", "%", "channel_busy_pct"),
    "client-signal": Quantity(_P.ACS, "Signal de l’appareil", "Signal of the device", "dBm", "client_rssi_dbm"),
    "node-signal": Quantity(_P.ACS, "Liaison maillée", "Mesh link", "dBm", "backhaul_rssi_dbm"),
    "remote-reading": Quantity(_P.ACS, "Lecture à distance", "Remote reading"),
    "remote-ping": Quantity(_P.ACS, "Ping fait par le modem", "Ping done by the modem", "ms"),
}  # fmt: skip

TARGETS: Final[Mapping[Target, tuple[str, str]]] = {
    Target.DEVICE: ("cet appareil", "this device"),
    Target.GATEWAY: ("le modem du client", "the customer’s modem"),
    Target.ISP: ("le réseau de Gigafibre", "Gigafibre’s network"),
    Target.PUBLIC: ("Internet", "the Internet"),
    Target.SERVER: ("notre serveur", "our server"),
}
PROBES: Final[Mapping[Probe, tuple[str, str]]] = {
    Probe.GATEWAY: ("Passerelle", "Gateway"),
    Probe.LINK: ("Lien de l’appareil", "Device link"),
    Probe.DNS: ("Noms (DNS)", "Names (DNS)"),
    Probe.PING: ("Latence et pertes", "Latency and loss"),
    Probe.IGD: ("Modem (UPnP)", "Modem (UPnP)"),
    Probe.SNMP: ("Modem (SNMP)", "Modem (SNMP)"),
    Probe.TRACE: ("Chemin vers l’extérieur", "Path outside"),
    Probe.THROUGHPUT: ("Débit", "Throughput"),
    Probe.LOADED: ("Latence sous charge", "Latency under load"),
    Probe.ACS: ("Lecture à distance", "Remote reading"),
}
METHODS: Final[Mapping[str, tuple[str, str]]] = {
    "system": ("dit par le système", "told by the system"),
    "named": ("indiquée à la main", "given by hand"),
    "guess": ("supposé, puis vérifié", "guessed, then checked"),
    "icmp": ("écho ICMP", "ICMP echo"),
    "ping-program": ("programme ping du système", "the system’s ping program"),
    "tcp-connect": ("temps de connexion TCP", "TCP connect time"),
    "udp-trace": ("UDP à durée de vie croissante", "UDP with growing time to live"),
    "trace-program": ("programme traceroute du système", "the system’s traceroute program"),
    "dns-udp": ("question DNS en UDP", "DNS question over UDP"),
    "upnp": ("UPnP IGD sur le réseau local", "UPnP IGD on the LAN"),
    "upnp-counters": ("compteurs du modem (UPnP)", "the modem’s counters (UPnP)"),
    "snmp": ("SNMP sur le réseau local", "SNMP on the LAN"),
    "tcp-streams": ("plusieurs flux TCP vers notre serveur", "several TCP streams with our server"),
    "tcp-connect-loaded": ("temps de connexion TCP pendant le transfert", "TCP connect time during the transfer"),
    "acs": ("lu à distance par l’ACS", "read remotely by the ACS"),
}  # fmt: skip


def said(pair: tuple[str, str], language: str) -> str:
    """Return the one of two wordings that is of this language."""
    return pair[1] if language == "en" else pair[0]


def value_said(result: Result, language: str) -> str:
    """Write a result's value with its unit, or why there is none."""
    if result.value is None:
        return "—" if result.absence is None else result.absence.sentence(language)
    value, sent = result.value, result.details.get("sent")
    text = value if isinstance(value, str) else write_number(round(value, 2), language)
    if sent is not None:
        return f"{text} {'of' if language == 'en' else 'sur'} {sent}"
    return f"{text} {result.unit}" if result.unit else text
