"""The customer's signature: the text to read, the pad, and what was signed."""

from typing import Any, Final

import flet as ft

from field_app.i18n import Words, language_of
from field_app.state.place import Place
from field_app.state.signing.pad import Pad
from field_app.state.signing.signature import Signature
from field_app.state.workspace import Workspace
from field_app.theme import GAP_L, GAP_M, GAP_S, GAP_XS, RADIUS_PX, Tone
from field_app.views.boundary import screen, use_model
from field_app.views.scene import Scene
from field_app.views.signing.pad import WIDTH_PX_MAX, PadCanvas
from field_app.views.widgets import buttons, cards, notices, page, text
from field_app.views.widgets.named import identified
from field_core.signed_text import TITLES

LANGUAGES: Final = ("fr", "en")
EDGE_PX: Final = 2 * GAP_L
WIDTH_PX_MIN: Final = 240


@screen
def SignatureScreen(scene: Scene, workspace: Workspace, place: Place) -> ft.Control:  # noqa: N802 - components are named like controls
    """Draw the signing of a job, or what was signed."""
    key = str(place.key)
    model = use_model(lambda: Signature(workspace, key), workspace, key)
    if model.statement is None:
        gone = notices.empty(
            scene,
            "job-gone",
            ft.Icons.SEARCH_OFF,
            scene.words("job.gone"),
            scene.words("job.gone.hint"),
        )
        waiting = gone if model.is_gone else notices.waiting(scene)
        return page.frame(scene, "signature", head=_head(scene, model), content=waiting)
    if model.is_at_pad:
        return page.stage("pad", PadScreen(scene, model))
    if model.is_signed:
        return page.stage("signed", _signed(scene, model))
    return page.stage("to-read", _to_read(scene, model))


def _head(scene: Scene, model: Signature) -> ft.Control:
    return page.header(scene, scene.words("part.signature"), back=model.back)


def _customers(scene: Scene, model: Signature) -> Words:
    """Return the words of the person who signs."""
    return (
        scene.words
        if scene.words.language == model.language
        else Words(language_of(model.language))
    )


# --- reading


def _to_read(scene: Scene, model: Signature) -> ft.Control:
    words = _customers(scene, model)
    parts = [
        _languages(scene, model),
        text.body(scene, words("signature.please-read")),
        _paper(scene, model.statement.text if model.statement else ""),
        _fingerprint(scene, words, model),
    ]
    return page.frame(
        scene,
        "signature",
        head=_head(scene, model),
        content=page.scroll(*parts),
        foot=page.bottom_bar(
            scene,
            buttons.primary(
                scene,
                "to-pad",
                words("signature.to-pad"),
                model.go_to_pad,
                icon=ft.Icons.DRAW,
                expand=True,
            ),
        ),
    )


def _languages(scene: Scene, model: Signature) -> ft.Control:
    """Offer the customer's language, each in its own words."""
    made = [
        (buttons.primary if language == model.language else buttons.secondary)(
            scene,
            f"language-{language}",
            scene.words(f"language.{language}"),
            lambda language=language: model.speak(language),  # type: ignore[misc]  # bound now
            expand=True,
        )
        for language in LANGUAGES
    ]
    return ft.Row([ft.Container(one, expand=True) for one in made], spacing=GAP_S)


def _paper(scene: Scene, content: str) -> ft.Control:
    """Draw the text as it is kept: every line of it, nothing added."""
    lines: list[ft.Control] = [
        text.strong(scene, line) if number == 0 or line in TITLES else text.body(scene, line)
        for number, line in enumerate(content.splitlines())
    ]
    column = ft.Column(
        lines, spacing=GAP_XS, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
    return cards.card(scene, column, name="statement")


def _fingerprint(scene: Scene, words: Words, model: Signature) -> ft.Control:
    return text.soft(scene, words("signature.fingerprint", hash=model.fingerprint))


# --- signing


@screen
def PadScreen(scene: Scene, model: Signature) -> ft.Control:  # noqa: N802 - components are named like controls
    """Ask for a name and a signature; nothing here scrolls."""
    words = _customers(scene, model)
    available = WIDTH_PX_MAX if scene.is_wide else (ft.context.page.width or 0) - EDGE_PX
    width = min(max(available, WIDTH_PX_MIN), WIDTH_PX_MAX)
    pad: Pad = ft.use_memo(lambda: Pad(width=width, now_ms=scene.now_ms), [model])

    def write(event: Any) -> None:  # noqa: ANN401 - Flet's event
        model.name = event.control.value or ""

    name = ft.TextField(
        label=words("signature.name"),
        value=model.name,
        on_change=write,
        text_size=scene.look.body,
        capitalization=ft.TextCapitalization.WORDS,
        expand=True,
    )
    return page.frame(
        scene,
        "signature-pad-screen",
        head=_head(scene, model),
        content=ft.Container(
            ft.Container(
                ft.Column(
                    [
                        _amiss(words, scene, model),
                        ft.Row([identified("signed-by", name)]),
                        _over_pad(scene, words, pad),
                        identified(
                            "signature-pad",
                            ft.Container(PadCanvas(scene, pad)),
                            label=words("signature.here"),
                        ),
                        text.soft(scene, words("signature.meaning")),
                        _fingerprint(scene, words, model),
                    ],
                    spacing=GAP_M,
                    tight=True,
                ),
                width=WIDTH_PX_MAX + EDGE_PX,
                padding=GAP_L,
            ),
            alignment=ft.Alignment.TOP_CENTER,
            expand=True,
        ),
        foot=page.bottom_bar(
            scene,
            buttons.primary(
                scene,
                "sign",
                words("signature.sign"),
                lambda: model.sign(pad.strokes, model.name),
                icon=ft.Icons.DRAW,
                expand=True,
            ),
        ),
    )


def _amiss(words: Words, scene: Scene, model: Signature) -> ft.Control:
    """Say it in the language of the person who signs."""
    if model.problem is None:
        return ft.Container(height=0)
    sentence = model.problem.sentence(words.language)
    return notices.banner(scene, "problem", sentence, Tone.BAD, ft.Icons.ERROR_OUTLINE)


def _over_pad(scene: Scene, words: Words, pad: Pad) -> ft.Control:
    clear = buttons.quiet(
        scene, "clear-pad", words("signature.clear"), pad.clear, icon=ft.Icons.BACKSPACE
    )
    return ft.Row([ft.Container(text.strong(scene, words("signature.here")), expand=True), clear])


# --- signed


def _signed(scene: Scene, model: Signature) -> ft.Control:
    again = buttons.secondary(
        scene,
        "sign-again",
        scene.words("signature.again"),
        model.sign_again,
        icon=ft.Icons.REPLAY,
        expand=True,
    )
    was_signed = model.statement.signed_text if model.statement else None
    parts = [
        *([_changed(scene, model)] if model.is_changed_since else []),
        _image(scene, model),
        _by(scene, model),
        *([text.soft(scene, scene.words("signature.signed-text").upper())] if was_signed else []),
        *([_paper(scene, was_signed)] if was_signed else []),
    ]
    return page.frame(
        scene,
        "signature",
        head=_head(scene, model),
        content=page.scroll(*parts),
        foot=page.bottom_bar(scene, again),
    )


def _changed(scene: Scene, model: Signature) -> ft.Control:
    """Say that the job is not what was signed any more, and in what."""
    was, now = model.changes
    sides = ((was, "signature.was"), (now, "signature.now"))
    lines: list[ft.Control] = [
        text.body(scene, scene.words(key, line=line)) for side, key in sides for line in side
    ]
    banner = notices.banner(
        scene,
        "changed-since",
        scene.words("signature.changed"),
        Tone.WARN,
        ft.Icons.WARNING_AMBER,
    )
    return ft.Column([banner, *lines], spacing=GAP_S, tight=True)


def _image(scene: Scene, model: Signature) -> ft.Control:
    if model.image is None:
        return text.soft(scene, scene.words("signature.elsewhere"))
    return identified(
        "signature-image",
        ft.Container(
            ft.Image(
                src=model.image,
                fit=ft.BoxFit.CONTAIN,
                semantics_label=scene.words("part.signature"),
            ),
            bgcolor=ft.Colors.WHITE,
            border=ft.Border.all(scene.look.line_px, scene.palette.line),
            border_radius=RADIUS_PX,
            height=WIDTH_PX_MAX / 2 if scene.is_wide else None,
            alignment=ft.Alignment.CENTER,
        ),
    )


def _by(scene: Scene, model: Signature) -> ft.Control:
    signed, words = (model.statement.signed if model.statement else None), scene.words
    if signed is None:
        return ft.Container(height=0)
    facts = [
        cards.fact(scene, words("signature.by"), signed.signed_by),
        cards.fact(
            scene,
            words("signature.at"),
            words.moment(signed.signed_at) if signed.signed_at else "—",
        ),
        cards.fact(scene, words("signature.language"), words(f"language.{signed.language}")),
        cards.fact(scene, words("signature.hash"), model.fingerprint),
    ]
    return cards.group(scene, *facts)
