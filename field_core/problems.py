"""Every expected failure, once: a stable code, an HTTP status, when to try again, and a sentence.

A Problem travels as `application/problem+json` (RFC 9457). The sentence is in French first, the
language of the people who read it; details are named values that the sentence may use. The text
never holds a stack trace, a secret or an address.
"""

# ruff: noqa: E501 - the catalogue is a table: one row each, to be read down its columns

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from field_core.canon import Json


class Retry(StrEnum):
    """When trying again makes sense."""

    NEVER = "never"
    LATER = "later"
    AFTER_USER_ACTS = "after-user-acts"


@dataclass(frozen=True, slots=True)
class Kind:
    """One entry of the catalogue."""

    status: int
    retry: Retry
    fr: str
    en: str


_N, _L, _U = Retry.NEVER, Retry.LATER, Retry.AFTER_USER_ACTS

CATALOGUE: Final[Mapping[str, Kind]] = {
    "bad-request": Kind(400, _N, "La demande est illisible : {reason}.", "The request cannot be read: {reason}."),
    "too-large": Kind(413, _N, "C’est trop volumineux (limite : {limit_bytes} octets).", "That is too large (limit: {limit_bytes} bytes)."),
    "not-found": Kind(404, _N, "Introuvable.", "Not found."),
    "rate-limited": Kind(429, _L, "Trop de demandes; réessayez dans {after_s} s.", "Too many requests; try again in {after_s} s."),
    "acs-missing": Kind(503, _U, "Aucun système de gestion des modems n’est branché à ce serveur.", "No modem management system is connected to this server."),
    "acs-unreachable": Kind(503, _L, "Le système de gestion des modems ne répond pas.", "The modem management system does not answer."),
    "cpe-unknown": Kind(404, _L, "Le système de gestion n’a encore jamais entendu cet appareil.", "The management system has never heard from this device."),
    "cpe-busy": Kind(409, _L, "Une action est déjà en cours sur cet appareil.", "Something is already being done on this device."),
    "cpe-unsupported": Kind(422, _N, "Cet appareil ne permet pas cette action.", "This device does not allow this."),
    "cpe-refused": Kind(422, _N, "L’appareil a refusé (code {code}).", "The device refused (code {code})."),
    "cpe-not-stored": Kind(422, _U, "L’appareil a répondu, mais n’a rien donné de nouveau.", "The device answered, but gave nothing new."),
    "cpe-not-back": Kind(503, _U, "L’appareil n’est pas revenu après son redémarrage.", "The device has not come back after its restart."),
    "cpe-unknown-outcome": Kind(503, _U, "La réponse s’est perdue; relisez l’appareil.", "The answer was lost; read the device again."),
    "cpe-away": Kind(503, _U, "L’appareil ne s’est pas présenté à temps; rien n’a été fait.", "The device did not report in time; nothing was done."),
    "cpe-confirm": Kind(422, _U, "Confirmez d’abord : le client le remarquera.", "Confirm first: the customer will notice."),
    "cpe-channel": Kind(422, _U, "Ce canal n’existe pas sur cette bande.", "There is no such channel on this band."),
    "cpe-ssid": Kind(422, _U, "Un nom de réseau a de 1 à 32 octets, sans caractère de contrôle.", "A network name has 1 to 32 bytes, and no control character."),
    "cpe-host": Kind(422, _U, "Écrivez un nom d’hôte ou une adresse IPv4.", "Write a host name or an IPv4 address."),
    "busy": Kind(503, _L, "Le serveur est occupé; réessayez sous peu.", "The server is busy; try again shortly."),
    "database-newer": Kind(503, _U, "La base de données est à la version {version}; ce programme s’arrête à la {known}.", "The database is at version {version}; this program knows up to {known}."),
    "internal": Kind(500, _L, "Une erreur est survenue au serveur; rien n’est perdu.", "Something failed on the server; nothing is lost."),
    "sign-in-wrong": Kind(401, _U, "Courriel ou mot de passe incorrect.", "Wrong e-mail or password."),
    "company-sign-in-refused": Kind(401, _U, "La connexion par le compte d’entreprise a été refusée; recommencez.", "Signing in with the company account was refused; start again."),
    "company-sign-in-away": Kind(503, _L, "Le service de connexion de l’entreprise ne répond pas.", "The company's sign-in service does not answer."),
    "no-role": Kind(403, _U, "Ce compte n’a aucun rôle dans l’application; demandez au bureau.", "This account has no role in the app; ask the office."),
    "enrolment-code-wrong": Kind(401, _U, "Ce code d’inscription est inconnu, expiré ou déjà utilisé.", "This enrolment code is unknown, expired or used."),
    "signed-out": Kind(401, _U, "Reconnectez-vous pour synchroniser; votre travail reste sur l’appareil.", "Sign in again to sync; your work stays on the device."),
    "token-expired": Kind(401, _L, "La session doit être renouvelée.", "The session needs renewing."),
    "not-allowed": Kind(403, _N, "Votre rôle ne permet pas cette action.", "Your role does not allow this."),
    "device-wiped": Kind(403, _N, "Cet appareil a été révoqué; ses données sont effacées.", "This device was revoked; its data is erased."),
    "device-cloned": Kind(409, _L, "Deux copies de cet appareil existent; il doit être réinscrit.", "Two copies of this device exist; it must be enrolled again."),
    "upgrade-needed": Kind(426, _U, "Cette version de l’application est trop ancienne pour recevoir des données.", "This version of the app is too old to receive data."),
    "gap": Kind(409, _L, "Des opérations manquent avant le numéro {expected}.", "Operations are missing before number {expected}."),
    "group-incomplete": Kind(409, _L, "Un groupe d’opérations est arrivé incomplet.", "A group of operations arrived incomplete."),
    "unknown-document": Kind(404, _N, "Ce document n’existe pas ici.", "This document does not exist here."),
    "document-exists": Kind(409, _N, "Un autre document porte déjà cette clé.", "Another document already has this key."),
    "document-removed": Kind(409, _N, "Ce document a été supprimé entre-temps.", "This document was removed meanwhile."),
    "changed-since": Kind(409, _N, "Le document a changé depuis; une personne doit trancher.", "The document changed since; a person must decide."),
    "steps-missing": Kind(422, _U, "Il reste des étapes obligatoires : {steps}.", "Required steps remain: {steps}."),
    "step-not-open": Kind(422, _U, "« {step} » vient après une étape qui n’est pas faite.", "“{step}” comes after a step that is not done."),
    "photo-needed": Kind(422, _U, "Prenez d’abord une photo : « {step} ».", "Take a photo first: “{step}”."),
    "signature-needed": Kind(422, _U, "La signature vient d’abord : « {step} ».", "The signature comes first: “{step}”."),
    "row-missing": Kind(409, _N, "Cette ligne n’existe plus au bureau.", "This row no longer exists in the office."),
    "illegal-transition": Kind(409, _N, "On ne passe pas de « {current} » à « {to} ».", "A job does not go from “{current}” to “{to}”."),
    "reason-needed": Kind(422, _U, "Une raison est nécessaire.", "A reason is needed."),
    "waits-for-create": Kind(409, _N, "Le document dont cela dépend attend une décision.", "The document this depends on waits for a decision."),
    "not-assigned": Kind(403, _N, "Ce travail n’était pas le vôtre à ce moment; il est gardé pour révision.", "This job was not yours at that time; it is kept for review."),
    "late-work": Kind(409, _N, "Travail reçu après la fermeture de la tâche.", "Work received after the job had been closed."),
    "group-parked": Kind(409, _N, "Gardé avec les autres parties du même geste.", "Kept with the other parts of the same act."),
    "already-sent": Kind(409, _N, "C’est déjà parti au bureau; corrigez-le plutôt.", "It already went to the office; correct it instead."),
    "offer-taken": Kind(409, _N, "Une autre personne a pris ce travail avant vous.", "Someone else took this job before you."),
    "offer-over": Kind(409, _N, "Cette offre n’est plus ouverte.", "This offer is no longer open."),
    "synced-elsewhere": Kind(409, _L, "Un autre programme de cet appareil fait la synchronisation.", "Another program on this device does the sync."),
    "invalid-value": Kind(422, _U, "La valeur de « {field} » n’est pas acceptée.", "The value of “{field}” is not accepted."),
    "mac-characters": Kind(422, _U, "Une adresse MAC n’a que des chiffres de 0 à 9 et des lettres de A à F (lu : {found}).", "A MAC address has only digits 0 to 9 and letters A to F (read: {found})."),
    "mac-length": Kind(422, _U, "Une adresse MAC a 12 chiffres; il y en a {count} ici.", "A MAC address has 12 digits; there are {count} here."),
    "mac-reserved": Kind(422, _U, "Cette adresse MAC est réservée (nulle ou diffusion générale); aucun appareil ne la porte.", "This MAC address is reserved (null or broadcast); no device bears it."),
    "mac-multicast": Kind(422, _U, "Cette adresse MAC est une adresse de groupe (multidiffusion); aucun appareil ne la porte.", "This MAC address is a group address (multicast); no device bears it."),
    "gpon-serial": Kind(422, _U, "Un numéro GPON a 4 lettres et 8 chiffres hexadécimaux (TPLGA1B2C3D4), ou 16 chiffres hexadécimaux.", "A GPON serial has 4 letters and 8 hexadecimal digits (TPLGA1B2C3D4), or 16 hexadecimal digits."),
    "serial-characters": Kind(422, _U, "Un numéro de série n’a que des lettres, des chiffres et des tirets.", "A serial number has only letters, digits and dashes."),
    "serial-length": Kind(422, _U, "Un numéro de série a de {least} à {most} caractères.", "A serial number has {least} to {most} characters."),
    "serial-implausible": Kind(422, _U, "Ce numéro de série est improbable; relisez l’étiquette.", "This serial number is unlikely; read the label again."),
    "identity-missing": Kind(422, _U, "Il faut au moins une adresse MAC ou un numéro de série.", "At least a MAC address or a serial number is needed."),
    "equipment-here": Kind(409, _U, "Cet appareil est déjà inscrit à cette adresse.", "This device is already recorded at this address."),
    "equipment-type-needed": Kind(422, _U, "Choisissez le type d’appareil.", "Choose the type of device."),
    "origin-needed": Kind(422, _U, "Dites comment cet appareil est arrivé ici.", "Say how this device came here."),
    "note-too-long": Kind(422, _U, "Cette note est trop longue (limite : {most} caractères).", "This note is too long (limit: {most} characters)."),
    "qty-unreadable": Kind(422, _U, "Écrivez une quantité plus grande que zéro, jusqu’à {most}.", "Write a quantity greater than zero, up to {most}."),
    "material-needed": Kind(422, _U, "Choisissez un article ou décrivez le matériel.", "Choose an item or describe the material."),
    "hour-unreadable": Kind(422, _U, "Écrivez les deux heures, par exemple 9:05.", "Write both times, for example 9:05."),
    "time-order": Kind(422, _U, "La fin vient avant le début, ou plus de 16 heures après.", "The end comes before the start, or more than 16 hours after it."),
    "time-to-come": Kind(422, _U, "Ce temps n’est pas encore passé.", "That time has not passed yet."),
    "read-only-field": Kind(403, _N, "« {field} » appartient au bureau.", "“{field}” belongs to the office."),
    "blob-missing": Kind(404, _L, "Ce fichier n’est pas encore arrivé.", "This file has not arrived yet."),
    "photo-missing": Kind(404, _U, "La photo n’est jamais arrivée du téléphone.", "The photo never arrived from the phone."),
    "blob-mismatch": Kind(422, _L, "Le fichier reçu ne correspond pas à son empreinte.", "The file received does not match its fingerprint."),
    "blob-offset": Kind(409, _L, "L’envoi reprend à l’octet {offset}.", "The upload resumes at byte {offset}."),
    "blob-type": Kind(415, _U, "Ce type de fichier n’est pas accepté.", "This type of file is not accepted."),
    "rescue-unreadable": Kind(422, _U, "Ce fichier de secours ne peut pas être lu.", "This rescue file cannot be read."),
    "erp-unreachable": Kind(503, _L, "ERPNext ne répond pas; le travail reçu est en attente.", "ERPNext does not answer; received work is waiting."),
    "already-paid": Kind(409, _N, "Cette facture est déjà payée.", "This invoice is already paid."),
    "debit-underway": Kind(409, _N, "Un débit bancaire est déjà en traitement pour cette facture.", "A bank debit is already being processed for this invoice."),
    "pdf-unavailable": Kind(503, _U, "Ce serveur ne peut pas produire de PDF : il lui manque la bibliothèque Pango.", "This server cannot make PDFs: the Pango library is missing."),
    "erp-refused": Kind(422, _N, "ERPNext a refusé : {message}", "ERPNext refused: {message}"),
    "erp-unknown-outcome": Kind(503, _L, "La réponse d’ERPNext s’est perdue; vérification en cours.", "ERPNext’s answer was lost; checking."),
    "server-unreachable": Kind(503, _L, "Le serveur ne répond pas.", "The server does not answer."),
    "captive-portal": Kind(502, _U, "Ce réseau demande une connexion (portail); rien n’a été envoyé.", "This network wants a sign-in (portal); nothing was sent."),
    "not-our-server": Kind(502, _U, "Cette adresse n’est pas celle d’un serveur Gigafibre.", "There is no Gigafibre server at this address."),
    "server-address-wrong": Kind(400, _U, "Cette adresse de serveur n’est pas valide.", "This server address is not valid."),
    "clock-wrong": Kind(502, _U, "La connexion sécurisée est refusée : vérifiez la date et l’heure de cet appareil.", "The secure connection is refused: check the date and time of this device."),
    "disk-full": Kind(507, _U, "L’espace manque sur l’appareil.", "The device is out of space."),
    "unsent-work": Kind(409, _U, "{count} élément(s) ne sont pas encore envoyés.", "{count} item(s) are not sent yet."),
    "termination-date": Kind(422, _U, "La résiliation ne peut pas prendre effet avant le {first}.", "The termination cannot take effect before {first}."),
    "reason-short": Kind(422, _U, "Écrivez une raison d’au moins {least} caractères (500 au plus).", "Write a reason of at least {least} characters (500 at most)."),
    "preview-expired": Kind(409, _U, "Ce calcul a plus de 15 minutes; le voici refait. Vérifiez-le avant de résilier.", "This calculation is older than 15 minutes; here it is again. Check it before you end the contract."),
    "preview-changed": Kind(409, _U, "Les montants ont changé depuis ce calcul; le voici refait. Vérifiez-le avant de résilier.", "The amounts have changed since this calculation; here it is again. Check it before you end the contract."),
    "termination-refused": Kind(409, _U, "La résiliation est notée, mais ERPNext en a refusé une étape : {message}", "The termination is recorded, but ERPNext refused one of its steps: {message}"),
    "termination-underway": Kind(503, _L, "La résiliation est notée; ERPNext ne répond pas encore, et le serveur la termine dès qu’il le peut.", "The termination is recorded; ERPNext does not answer yet, and the server completes it as soon as it can."),
    "contract-not-active": Kind(409, _N, "Le contrat {contract} n’est pas en vigueur (état : {status}).", "Contract {contract} is not in force (status: {status})."),
    "contract-live": Kind(409, _U, "Cet abonnement dépend du contrat {contract}, encore en cours : résiliez plutôt le contrat.", "This subscription depends on contract {contract}, which is still running: end the contract instead."),
    "referral-unknown": Kind(404, _U, "Ce code de parrainage n’existe pas; relisez-le.", "There is no such referral code; read it again."),
    "referral-self": Kind(422, _N, "On ne se parraine pas soi-même : même personne, même adresse ou mêmes coordonnées.", "Nobody refers themselves: same person, same address or same contact details."),
    "referral-claimed": Kind(409, _N, "Ce client a déjà été parrainé par quelqu’un d’autre.", "This customer was already referred by somebody else."),
    "referral-not-new": Kind(422, _N, "Ce client a déjà eu un service : le parrainage est pour un nouveau client.", "This customer already had a service: a referral is for a new customer."),
    "not-enrolled": Kind(401, _U, "Connectez d’abord cet appareil (« sign-in »).", "Sign this device in first (“sign-in”)."),
    "photo-not-image": Kind(415, _U, "« {name} » n’est pas une photo que l’application sait lire (JPEG, PNG, WebP ou HEIC).", "“{name}” is not a photo the app can read (JPEG, PNG, WebP or HEIC)."),
    "photo-too-large": Kind(413, _U, "« {name} » pèse {size_mb} Mo; la limite est de {limit_mb} Mo. Réduisez la photo pour l’ajouter.", "“{name}” weighs {size_mb} MB; the limit is {limit_mb} MB. Reduce the photo to add it."),
    "photo-too-many-pixels": Kind(413, _U, "Cette photo a {megapixels} mégapixels; la limite est de {limit_megapixels}. Prenez-la à une résolution plus basse.", "This photo has {megapixels} megapixels; the limit is {limit_megapixels}. Take it at a lower resolution."),
    "photo-too-small": Kind(422, _U, "Cette image est trop petite pour montrer quelque chose ({width} × {height} points).", "This image is too small to show anything ({width} × {height} pixels)."),
    "photo-damaged": Kind(422, _U, "Cette photo est incomplète ou abîmée. Reprenez-la.", "This photo is incomplete or damaged. Take it again."),
    "scanner-missing": Kind(503, _U, "Cet appareil n’a aucun lecteur de codes ({missing}). Tapez le numéro.", "This device has no code reader ({missing}). Type the number."),
    "ocr-off": Kind(503, _U, "Le serveur ne lit pas le texte des étiquettes (aucun service n’est configuré). Tapez le numéro.", "The server does not read the text of labels (no service is set up). Type the number."),
    "ocr-busy": Kind(503, _L, "Le service de lecture des étiquettes ne répond pas; nouvel essai dans {after_s} s.", "The label reading service does not answer; trying again in {after_s} s."),
    "ocr-slow": Kind(504, _L, "La lecture a dépassé huit secondes; elle sera reprise.", "The reading took more than eight seconds; it will be tried again."),
    "ocr-spent": Kind(429, _L, "Le nombre de lectures permises aujourd’hui est atteint. Tapez le numéro, ou la lecture se fera demain.", "Today’s number of readings is used up. Type the number, or it will be read tomorrow."),
    "photo-heic": Kind(415, _U, "Les codes d’une photo HEIC ne peuvent pas être lus. Réglez la caméra sur JPEG, ou prenez la photo ici.", "Codes in a HEIC photo cannot be read. Set the camera to JPEG, or take the photo here."),
    "photo-cmyk": Kind(415, _U, "Cette image est faite pour l’imprimerie (CMJN). Exportez-la en couleurs d’écran (RVB).", "This image is made for print (CMYK). Export it in screen colours (RGB)."),
    "photo-deep": Kind(415, _U, "Cette image a plus de 8 bits par couleur. Exportez-la en JPEG ordinaire.", "This image has more than 8 bits per colour. Export it as an ordinary JPEG."),
    "photo-animated": Kind(415, _U, "Cette image est animée. Choisissez une photo fixe.", "This image is animated. Choose a still photo."),
    "photo-no-space": Kind(507, _U, "Il reste {free_mb} Mo sur l’appareil; il en faut {needed_mb} pour prendre une photo. Libérez de l’espace.", "{free_mb} MB are left on the device; a photo needs {needed_mb}. Free some space."),
    "camera-unavailable": Kind(503, _U, "La caméra ne répond pas. Vérifiez l’autorisation, ou choisissez une photo.", "The camera does not answer. Check the permission, or choose a photo."),
    "signature-empty": Kind(422, _U, "Signez dans le cadre : un point ou un trait très court ne suffit pas.", "Sign in the frame: a dot or a very short line is not enough."),
    "signature-name-missing": Kind(422, _U, "Inscrivez en lettres moulées le nom de la personne qui signe.", "Print the name of the person who signs."),
    "webhook-signature": Kind(401, _N, "La signature du message est absente ou fausse.", "The message’s signature is missing or wrong."),
}  # fmt: skip


class ProblemError(Exception):
    """An expected failure; raise it with a code of the catalogue and the details it names."""

    def __init__(self, code: str, **details: Json) -> None:
        """Raise AssertionError when the catalogue has no such code."""
        assert code in CATALOGUE, f"no such problem: {code}"
        super().__init__(code, details)
        self.problem = Problem(code, details)


@dataclass(frozen=True, slots=True)
class Problem:
    """A failure as a value: what, how to answer it, and its sentence in either language."""

    code: str
    details: Mapping[str, Json] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """The catalogue's entry."""
        return CATALOGUE[self.code]

    def sentence(self, language: str = "fr") -> str:
        """Say it to a person; a detail that is missing shows as a dash rather than failing."""
        template = self.kind.en if language.startswith("en") else self.kind.fr
        return template.format_map(_Dashes(self.details))

    def as_json(self, language: str = "fr") -> dict[str, Json]:
        """Return the members of RFC 9457, plus `code` and `retry`."""
        return {
            **dict(self.details),
            "type": f"urn:gigafibre:problem:{self.code}",
            "title": self.sentence(language),
            "status": self.kind.status,
            "code": self.code,
            "retry": self.kind.retry.value,
        }


class _Dashes(dict[str, Json]):
    def __missing__(self, key: str) -> str:
        return "—"
