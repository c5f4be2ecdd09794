"""What a verdict says and asks for, in French and English: one row per code, one per action.

Named parameters: `value`, `limit`, `unit` and what the row's rule adds. Numbers are written in the
language's own way. French is for Québec: ONT, OLT, niveau reçu, courbure, coupleur.
"""

# ruff: noqa: E501 - the catalogue is a table: one row each, to be read down its columns

from collections.abc import Mapping
from typing import Final, NamedTuple

from field_core.numbers import write_number


class Sentence(NamedTuple):
    """A verdict's words in both languages, and the one action it asks for."""

    fr: str
    en: str
    action: str


class Action(NamedTuple):
    """What to do, in both languages."""

    fr: str
    en: str


ACTIONS: Final[Mapping[str, Action]] = {
    "clean-connector": Action("Nettoyer et rebrancher le connecteur, vérifier les courbures, puis l’alarme du port à l’OLT.", "Clean and reseat the connector, check for bends, then the alarm of the OLT’s port."),
    "check-registration": Action("Faire vérifier le numéro de série et le profil OMCI à l’OLT.", "Have the serial number and the OMCI profile checked on the OLT."),
    "add-attenuator": Action("Poser un atténuateur ou vérifier la sortie du coupleur.", "Fit an attenuator or check the splitter’s output."),
    "find-loss": Action("Chercher ce qui a changé depuis l’installation : connecteur sale, courbure, épissure.", "Look for what changed since installation: dirty connector, bend, splice."),
    "replace-ont": Action("Prévoir le remplacement de l’ONT.", "Plan to replace the ONT."),
    "cool-ont": Action("Dégager l’ONT et l’éloigner des sources de chaleur.", "Give the ONT air and move it away from heat."),
    "check-credentials": Action("Faire vérifier l’identifiant PPPoE de l’abonnement.", "Have the subscription’s PPPoE log-in checked."),
    "check-vlan": Action("Faire vérifier le VLAN, le profil à l’OLT et le BNG.", "Have the VLAN, the OLT profile and the BNG checked."),
    "restart-connection": Action("Redémarrer la connexion, puis attendre deux minutes.", "Restart the connection, then wait two minutes."),
    "tell-customer-cgnat": Action("Dire au client qu’il ne peut pas être joint de l’extérieur.", "Tell the customer that nothing outside can reach them."),
    "move-client": Action("Rapprocher l’appareil ou un point d’accès.", "Move the device or an access point closer."),
    "change-channel": Action("Changer de canal ou réduire la largeur.", "Change the channel or narrow it."),
    "move-node": Action("Rapprocher le point d’accès maillé ou le relier par câble.", "Move the mesh node closer or wire it."),
    "power-node": Action("Vérifier l’alimentation du point d’accès maillé.", "Check the mesh node’s power."),
    "refresh": Action("Relire l’appareil.", "Read the device again."),
    "measure": Action("Mesurer au photomètre.", "Measure with a power meter."),
    "close": Action("Garder la preuve et fermer l’étape.", "Keep the proof and close the step."),
}  # fmt: skip

SENTENCES: Final[Mapping[str, Sentence]] = {
    "no-light": Sentence("L’ONT ne reçoit aucune lumière.", "The ONT receives no light.", "clean-connector"),
    "onu-not-registered": Sentence("L’ONT voit la lumière, mais n’est pas enregistré ({value}).", "The ONT sees light but is not registered ({value}).", "check-registration"),
    "optical-low": Sentence("Niveau reçu trop faible : {value} dBm, limite {limit} dBm.", "Receive level too low: {value} dBm, limit {limit} dBm.", "clean-connector"),
    "optical-high": Sentence("Niveau reçu trop fort : {value} dBm, limite {limit} dBm.", "Receive level too high: {value} dBm, limit {limit} dBm.", "add-attenuator"),
    "optical-weak": Sentence("Niveau reçu faible : {value} dBm, à surveiller sous {limit} dBm.", "Receive level weak: {value} dBm, to be watched below {limit} dBm.", "clean-connector"),
    "optical-strong": Sentence("Niveau reçu fort : {value} dBm, à surveiller au-dessus de {limit} dBm.", "Receive level strong: {value} dBm, to be watched above {limit} dBm.", "add-attenuator"),
    "optical-drop": Sentence("Le niveau reçu a baissé de {drop} dB depuis l’installation ({baseline} dBm).", "The receive level fell by {drop} dB since installation ({baseline} dBm).", "find-loss"),
    "optical-ok": Sentence("Niveau reçu bon : {value} dBm.", "Receive level good: {value} dBm.", "close"),
    "optical-unknown": Sentence("Le niveau reçu n’a pas pu être lu.", "The receive level could not be read.", "measure"),
    "tx-out-of-range": Sentence("Puissance d’émission hors plage : {value} dBm, limite {limit} dBm.", "Launch power out of range: {value} dBm, limit {limit} dBm.", "replace-ont"),
    "module-hot": Sentence("Module optique chaud : {value} °C, limite {limit} °C.", "Optical module hot: {value} °C, limit {limit} °C.", "cool-ont"),
    "laser-ageing": Sentence("Le laser vieillit : courant de {value} mA, limite {limit} mA.", "The laser is ageing: current of {value} mA, limit {limit} mA.", "replace-ont"),
    "wan-auth": Sentence("La connexion est refusée : identifiant ou mot de passe PPPoE.", "The connection is refused: PPPoE user name or password.", "check-credentials"),
    "wan-no-answer": Sentence("Le réseau ne répond pas à la demande de connexion.", "The network does not answer the request to connect.", "check-vlan"),
    "wan-down": Sentence("La connexion Internet est coupée.", "The Internet connection is down.", "check-vlan"),
    "wan-connecting": Sentence("La connexion Internet s’établit.", "The Internet connection is being made.", "restart-connection"),
    "wan-no-address": Sentence("Connecté, mais sans adresse IP.", "Connected, but without an IP address.", "restart-connection"),
    "wan-cgnat": Sentence("L’adresse {value} est partagée (CGNAT).", "The address {value} is shared (CGNAT).", "tell-customer-cgnat"),
    "wan-ok": Sentence("Internet connecté.", "Internet connected.", "close"),
    "wan-unknown": Sentence("L’état de la connexion n’a pas pu être lu.", "The connection’s state could not be read.", "refresh"),
    "client-weak": Sentence("Signal Wi-Fi faible : {value} dBm ({name}), limite {limit} dBm.", "Weak Wi-Fi signal: {value} dBm ({name}), limit {limit} dBm.", "move-client"),
    "channel-busy": Sentence("Canal occupé à {value} % ({name}), limite {limit} %.", "Channel busy {value}% of the time ({name}), limit {limit}%.", "change-channel"),
    "node-offline": Sentence("Point d’accès maillé hors ligne : {name}.", "Mesh node offline: {name}.", "power-node"),
    "backhaul-weak": Sentence("Liaison maillée faible : {value} dBm ({name}), limite {limit} dBm.", "Weak mesh link: {value} dBm ({name}), limit {limit} dBm.", "move-node"),
    "stale": Sentence("Ces données ont {value} min.", "This data is {value} min old.", "refresh"),
    "all-good": Sentence("Tout est bon.", "All is good.", "close"),
}  # fmt: skip
"""In the order of advice: light, registration, level, connection, Wi-Fi, age, all good."""

Parameter = str | float | None


def written(template: str, language: str, parameters: Mapping[str, Parameter]) -> str:
    """Fill a sentence; numbers are written as the language writes them, nothing as a dash."""
    return template.format_map({n: _spelled(value, language) for n, value in parameters.items()})


def _spelled(value: Parameter, language: str) -> str:
    if value is None:
        return "—"
    return value if isinstance(value, str) else write_number(round(value, 2), language)
