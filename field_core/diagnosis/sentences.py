"""What a run's verdicts say and ask for, in French and English; the order is the order of advice.

Findings that a device document gives too (the connection, the light) keep their words and codes
from `field_core.cpe.sentences`, and take their place here.
"""

# ruff: noqa: E501 - the catalogue is a table: one row each, to be read down its columns

from collections.abc import Mapping
from typing import Final

from field_core.cpe.sentences import ACTIONS as CPE_ACTIONS
from field_core.cpe.sentences import SENTENCES as CPE_SENTENCES
from field_core.cpe.sentences import Action, Sentence

ACTIONS: Final[Mapping[str, Action]] = {
    **CPE_ACTIONS,
    "join-network": Action("Brancher cet appareil au modem par câble, ou joindre le Wi-Fi du client.", "Plug this device into the modem, or join the customer’s Wi-Fi."),
    "restart-modem": Action("Vérifier l’alimentation du modem, le redémarrer, puis refaire l’essai.", "Check the modem’s power, restart it, then run the test again."),
    "change-cable": Action("Changer le câble ou le port, puis refaire l’essai.", "Change the cable or the port, then run the test again."),
    "go-closer": Action("Refaire l’essai par câble, ou plus près du modem.", "Run the test again by cable, or closer to the modem."),
    "check-light": Action("Lire le niveau optique et l’état de l’ONT; la panne est entre le modem et le réseau.", "Read the optical level and the ONT’s state; the fault lies between modem and network."),
    "report-line": Action("Signaler à l’exploitation : la perte ou le délai vient d’au-delà du modem.", "Report to operations: the loss or delay comes from beyond the modem."),
    "restart-dns": Action("Redémarrer le modem; sinon, lui donner les serveurs DNS de Gigafibre.", "Restart the modem; failing that, give it Gigafibre’s DNS servers."),
    "report-dns": Action("Signaler à l’exploitation : les serveurs DNS ne répondent pas.", "Report to operations: the DNS servers do not answer."),
    "check-dns": Action("Regarder quels serveurs DNS sont réglés dans le modem.", "Look at which DNS servers are set in the modem."),
    "bridge-one": Action("Mettre un des deux routeurs en mode pont.", "Put one of the two routers in bridge mode."),
    "check-line": Action("Refaire l’essai par câble sans autre trafic; si c’est pareil, vérifier le profil de l’abonnement.", "Run the test again by cable with no other traffic; if it stays, have the subscription’s profile checked."),
    "free-line": Action("Arrêter les gros transferts de la maison, puis refaire l’essai.", "Stop the house’s large transfers, then run the test again."),
    "measure-wired": Action("Pour le débit de la ligne, mesurer par câble.", "For the line’s speed, measure by cable."),
    "try-again": Action("Refaire l’essai.", "Run the test again."),
}  # fmt: skip

_OWN_FIRST: Final[Mapping[str, Sentence]] = {
    "not-connected": Sentence("Cet appareil n’est relié à aucun réseau.", "This device is on no network.", "join-network"),
    "gateway-silent": Sentence("Le modem ({value}) ne répond à rien.", "The modem ({value}) answers nothing.", "restart-modem"),
}  # fmt: skip

_OWN: Final[Mapping[str, Sentence]] = {
    "beyond-modem-dead": Sentence("Le modem se dit connecté, mais rien ne répond au-delà.", "The modem says it is connected, but nothing answers beyond it.", "check-light"),
    "internet-down": Sentence("Le modem répond, mais rien au-delà : la panne n’est pas dans la maison.", "The modem answers, but nothing beyond it: the fault is not in the house.", "check-light"),
    "outside-silent": Sentence("Rien ne répond au-delà de cet appareil.", "Nothing answers beyond this device.", "restart-modem"),
    "lan-loss-wired": Sentence("{value} paquets perdus sur {sent} entre cet appareil et le modem, par câble.", "{value} packets of {sent} lost between this device and the modem, by cable.", "change-cable"),
    "lan-loss": Sentence("{value} paquets perdus sur {sent} entre cet appareil et le modem.", "{value} packets of {sent} lost between this device and the modem.", "go-closer"),
    "wifi-weak-here": Sentence("Signal Wi-Fi faible ici : {value} dBm, limite {limit} dBm.", "Weak Wi-Fi signal here: {value} dBm, limit {limit} dBm.", "go-closer"),
    "dns-modem-silent": Sentence("Le modem ne traduit pas les noms; Internet, lui, répond.", "The modem does not resolve names; the Internet itself answers.", "restart-dns"),
    "dns-silent": Sentence("Aucun serveur DNS ne répond; Internet, lui, répond.", "No DNS server answers; the Internet itself does.", "report-dns"),
    "dns-differs": Sentence("Le modem et un DNS public donnent des adresses différentes pour notre serveur.", "The modem and a public DNS give different addresses for our server.", "check-dns"),
    "line-loss": Sentence("{value} paquets perdus sur {sent} au-delà du modem.", "{value} packets of {sent} lost beyond the modem.", "report-line"),
    "lan-slow": Sentence("Le modem répond lentement : {value} ms, limite {limit} ms.", "The modem answers slowly: {value} ms, limit {limit} ms.", "go-closer"),
    "line-slow": Sentence("Délai élevé vers notre serveur : {value} ms, limite {limit} ms.", "High delay to our server: {value} ms, limit {limit} ms.", "report-line"),
    "throughput-low": Sentence("La ligne donne {value} % du débit descendant du forfait, limite {limit} %.", "The line gives {value}% of the plan’s download speed, limit {limit}%.", "check-line"),
    "throughput-up-low": Sentence("La ligne donne {value} % du débit montant du forfait, limite {limit} %.", "The line gives {value}% of the plan’s upload speed, limit {limit}%.", "check-line"),
    "loaded-slow": Sentence("Sous charge, la latence monte de {value} ms, limite {limit} ms.", "Under load, latency rises by {value} ms, limit {limit} ms.", "free-line"),
    "server-silent": Sentence("Notre serveur ne répond pas; le reste d’Internet, oui.", "Our server does not answer; the rest of the Internet does.", "try-again"),
    "double-nat": Sentence("L’adresse externe du modem ({value}) est privée : il y a deux routeurs.", "The modem’s external address ({value}) is private: there are two routers.", "bridge-one"),
    "modem-hot": Sentence("Module optique chaud : {value} °C, limite {limit} °C.", "Optical module hot: {value} °C, limit {limit} °C.", "cool-ont"),
    "nothing-measured": Sentence("Rien n’a pu être mesuré d’ici.", "Nothing could be measured from here.", "try-again"),
    "line-untested": Sentence("Le réseau local répond; la ligne n’a pas été mise à l’essai.", "The local network answers; the line was not tested.", "try-again"),
    "good-on-wifi": Sentence("Tout ce qui a été mesuré est bon; en Wi-Fi, le débit de la ligne n’est pas mesuré.", "Everything measured is good; on Wi-Fi the line’s speed is not measured.", "measure-wired"),
    "good": Sentence("Tout ce qui a été mesuré est bon.", "Everything measured is good.", "close"),
}  # fmt: skip

SENTENCES: Final[Mapping[str, Sentence]] = {**_OWN_FIRST, **CPE_SENTENCES, **_OWN}
