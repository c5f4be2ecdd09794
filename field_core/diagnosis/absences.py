"""Why something was not measured: "not possible here, because …", or "will run when online"."""

# ruff: noqa: E501 - the catalogue is a table: one row each, to be read down its columns

from collections.abc import Mapping
from typing import Final, NamedTuple

from pydantic import Field

from field_core.cpe.model import Part


class Reason(NamedTuple):
    """A reason in both languages; `is_later` where it will be done by itself once online (T-13)."""

    fr: str
    en: str
    is_later: bool = False


ABSENCES: Final[Mapping[str, Reason]] = {
    "platform": Reason("ce système ne le dit pas à une application ({system})", "this system does not tell an application ({system})"),
    "program-missing": Reason("il manque un programme sur cet appareil ({program})", "a program is missing on this device ({program})"),
    "not-connected": Reason("cet appareil n’est relié à aucun réseau", "this device is on no network"),
    "no-gateway": Reason("aucune passerelle n’a été trouvée", "no gateway was found"),
    "no-answer": Reason("{who} n’a pas répondu", "{who} did not answer"),
    "refused": Reason("{who} refuse la demande", "{who} refuses the request"),
    "not-offered": Reason("l’équipement n’offre pas ce service", "the equipment does not offer this service"),
    "not-told": Reason("l’équipement ne donne pas cette valeur", "the equipment does not give this value"),
    "no-credentials": Reason("aucun accès SNMP n’est réglé pour cet équipement", "no SNMP access is set for this equipment"),
    "unreadable": Reason("la réponse est illisible", "the answer cannot be read"),
    "wired": Reason("cet appareil est branché par câble", "this device is wired"),
    "on-wifi": Reason("l’appareil est en Wi-Fi : un débit Wi-Fi n’est pas le débit de la ligne", "the device is on Wi-Fi: a Wi-Fi speed is not the line’s speed"),
    "link-unknown": Reason("on ne sait pas si l’appareil est par câble ou en Wi-Fi", "it is not known whether the device is wired or on Wi-Fi"),
    "no-plan": Reason("le débit du forfait n’est pas connu ici", "the plan’s speed is not known here"),
    "signed-out": Reason("aucun compte n’est connecté au serveur", "no account is signed in to the server"),
    "server-limit": Reason("la limite d’essais du serveur est atteinte; réessayez dans {after_s} s", "the server’s limit of tests is reached; try again in {after_s} s"),
    "server-unreachable": Reason("le serveur de mesure est injoignable d’ici", "the measuring server cannot be reached from here"),
    "too-short": Reason("la mesure a été trop courte pour un résultat", "the measurement was too short for a result"),
    "out-of-time": Reason("le temps alloué est écoulé", "the time allowed is over"),
    "cancelled": Reason("l’essai a été arrêté", "the run was stopped"),
    "failed": Reason("l’essai a échoué ({error})", "the test failed ({error})"),
    "offline": Reason("sera fait de lui-même au retour de la connexion", "will run by itself when online", is_later=True),
    "queued": Reason("en attente que l’équipement se manifeste", "queued until the device reports", is_later=True),
}  # fmt: skip


class Absence(Part):
    """A reason of the catalogue with what its sentence names."""

    code: str
    details: dict[str, str | int] = Field(default_factory=dict)

    @property
    def is_later(self) -> bool:
        """Whether it is not a failure, since it will be done by itself later."""
        return ABSENCES[self.code].is_later

    def said(self, language: str) -> str:
        """Say the reason alone."""
        reason = ABSENCES[self.code]
        return (reason.en if language == "en" else reason.fr).format_map(self.details)

    def sentence(self, language: str) -> str:
        """Say it as a whole sentence, for a place where a value would stand."""
        said = self.said(language)
        if self.is_later:
            return f"{said[:1].upper()}{said[1:]}."
        if language == "en":
            return f"Not possible here, because {said}."
        return f"Impossible ici : {said}."
