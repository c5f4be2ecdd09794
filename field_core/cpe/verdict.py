"""One finding: what was found, against which limit and whose, what to do, in two languages."""

from collections.abc import Mapping

from field_core.cpe.model import Grade, Part, Provenance, Quality
from field_core.cpe.sentences import ACTIONS, SENTENCES, Parameter, written
from field_core.cpe.thresholds import Limits


class Verdict(Part):
    """A finding about one `field` of a snapshot; `source` is its path on the device."""

    code: str
    grade: Grade
    field: str
    value: float | str | None = None
    unit: str | None = None
    limit: float | None = None
    limit_source: str | None = None
    source: str | None = None
    age_s: int | None = None
    quality: Quality | None = None
    action: str
    fr: str
    en: str
    action_fr: str
    action_en: str


def verdict(
    code: str,
    grade: Grade,
    field: str,
    *,
    value: float | str | None = None,
    limits: Limits | None = None,
    limit: float | None = None,
    provenance: Provenance | None = None,
    more: Mapping[str, Parameter] | None = None,
) -> Verdict:
    """Make a verdict of a code; `limit` is the bound spoken of, by default the one of `limits`."""
    if limits is not None and isinstance(value, float) and limit is None:
        limit = limits.bound(value, grade)
    sentence = SENTENCES[code]
    action = ACTIONS[sentence.action]
    parameters = {"value": value, "limit": limit, **(more or {})}
    return Verdict(
        code=code,
        grade=grade,
        field=field,
        value=value,
        unit=limits.unit if limits else None,
        limit=limit,
        limit_source=limits.source if limits else None,
        source=provenance.source if provenance else None,
        age_s=provenance.age_s if provenance else None,
        quality=provenance.quality if provenance else None,
        action=sentence.action,
        fr=written(sentence.fr, "fr", parameters),
        en=written(sentence.en, "en", parameters),
        action_fr=action.fr,
        action_en=action.en,
    )
