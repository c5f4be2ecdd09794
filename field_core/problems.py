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
    "busy": Kind(503, _L, "Le serveur est occupé; réessayez sous peu.", "The server is busy; try again shortly."),
    "internal": Kind(500, _L, "Une erreur est survenue au serveur; rien n’est perdu.", "Something failed on the server; nothing is lost."),
    "sign-in-wrong": Kind(401, _U, "Courriel ou mot de passe incorrect.", "Wrong e-mail or password."),
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
    "row-missing": Kind(409, _N, "Cette ligne n’existe plus au bureau.", "This row no longer exists in the office."),
    "illegal-transition": Kind(409, _N, "On ne passe pas de « {current} » à « {to} ».", "A job does not go from “{current}” to “{to}”."),
    "reason-needed": Kind(422, _U, "Une raison est nécessaire.", "A reason is needed."),
    "waits-for-create": Kind(409, _N, "Le document dont cela dépend attend une décision.", "The document this depends on waits for a decision."),
    "not-assigned": Kind(403, _N, "Ce travail n’était pas le vôtre à ce moment; il est gardé pour révision.", "This job was not yours at that time; it is kept for review."),
    "late-work": Kind(409, _N, "Travail reçu après la fermeture de la tâche.", "Work received after the job had been closed."),
    "group-parked": Kind(409, _N, "Gardé avec les autres parties du même geste.", "Kept with the other parts of the same act."),
    "invalid-value": Kind(422, _U, "La valeur de « {field} » n’est pas acceptée.", "The value of “{field}” is not accepted."),
    "read-only-field": Kind(403, _N, "« {field} » appartient au bureau.", "“{field}” belongs to the office."),
    "blob-missing": Kind(404, _L, "Ce fichier n’est pas encore arrivé.", "This file has not arrived yet."),
    "blob-mismatch": Kind(422, _L, "Le fichier reçu ne correspond pas à son empreinte.", "The file received does not match its fingerprint."),
    "blob-offset": Kind(409, _L, "L’envoi reprend à l’octet {offset}.", "The upload resumes at byte {offset}."),
    "blob-type": Kind(415, _U, "Ce type de fichier n’est pas accepté.", "This type of file is not accepted."),
    "rescue-unreadable": Kind(422, _U, "Ce fichier de secours ne peut pas être lu.", "This rescue file cannot be read."),
    "erp-unreachable": Kind(503, _L, "ERPNext ne répond pas; le travail reçu est en attente.", "ERPNext does not answer; received work is waiting."),
    "erp-refused": Kind(422, _N, "ERPNext a refusé : {message}", "ERPNext refused: {message}"),
    "erp-unknown-outcome": Kind(503, _L, "La réponse d’ERPNext s’est perdue; vérification en cours.", "ERPNext’s answer was lost; checking."),
    "server-unreachable": Kind(503, _L, "Le serveur ne répond pas.", "The server does not answer."),
    "captive-portal": Kind(502, _U, "Ce réseau demande une connexion (portail); rien n’a été envoyé.", "This network wants a sign-in (portal); nothing was sent."),
    "disk-full": Kind(507, _U, "L’espace manque sur l’appareil.", "The device is out of space."),
    "unsent-work": Kind(409, _U, "{count} élément(s) ne sont pas encore envoyés.", "{count} item(s) are not sent yet."),
    "not-enrolled": Kind(401, _U, "Connectez d’abord cet appareil (« sign-in »).", "Sign this device in first (“sign-in”)."),
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
