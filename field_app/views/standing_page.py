"""What the page says of itself while no app draws on it: that it opens, or that the app is gone.

Flet's client has one English word for both, written into its program, and shows it in the place of
everything. So a sheet of our own lies over it until the app has drawn, and comes back when the
connection to the app is lost: with words a person can act on, in their language. Presses go through
it: to an app that has just drawn, or to Flet's empty page.
"""

from html import escape
from typing import Final

from field_app.i18n import Words
from field_app.theme import RADIUS_PX, Palette

GONE_AFTER_MS: Final = 1_000
"""Flet's client looks for the app again every half second; what it finds at once was nothing."""
LOOK_AGAIN_MS: Final = 2_000
"""How often it is looked whether the app answers again, under this address or a new one."""
DRAWN_AFTER_MS: Final = 150
"""From the app's first word to its first picture; until then the client shows its own."""

_STYLE: Final = """<style>
    #field-sheet {{ position: fixed; inset: 0; z-index: 2147483647; display: flex;
      align-items: center; justify-content: center; padding: 24px; background: {background};
      color: {ink}; font: 17px/1.5 system-ui, sans-serif; text-align: center;
      pointer-events: none; }}
    #field-sheet[hidden] {{ display: none; }}
    #field-sheet img {{ width: 72px; border-radius: {radius}px; }}
    #field-sheet h1 {{ font-size: 22px; line-height: 1.3; margin: 16px 0 8px; }}
    #field-sheet p {{ margin: 0 0 12px; color: {ink_soft}; max-width: 34em; }}
  </style>"""

_SCRIPT: Final = """<script>
    (function () {
      const Socket = window.WebSocket;
      let late = null, isOpen = false, isPainted = false;
      const say = (name) => {
        const sheet = document.getElementById('field-sheet');
        if (!sheet) return;
        sheet.hidden = name === null;
        for (const one of sheet.querySelectorAll('[data-says]'))
          one.hidden = one.dataset.says !== name;
      };
      const look = () => {
        if (isOpen) return;
        fetch('/icon.png', {cache: 'no-store', method: 'HEAD'})
          .then((answer) => isOpen || say(answer.status === 403 ? 'moved' : 'gone'))
          .catch(() => isOpen || say('gone'));
        late = setTimeout(look, LOOK_AGAIN_MS);
      };
      const clear = () => {
        if (isOpen && isPainted) setTimeout(() => isOpen && say(null), DRAWN_AFTER_MS);
      };
      addEventListener('flutter-first-frame', () => { isPainted = true; clear(); }, {once: true});
      window.WebSocket = class extends Socket {
        constructor(...given) {
          super(...given);
          this.addEventListener('message', () => {
            isOpen = true;
            clearTimeout(late);
            late = null;
            clear();
          }, {once: true});
          this.addEventListener('close', () => {
            isOpen = false;
            if (late !== null) return;
            say('moment');
            late = setTimeout(look, GONE_AFTER_MS);
          });
        }
      };
    })();
  </script>"""

_SHEET: Final = """<div id="field-sheet" role="status" aria-live="polite"><div>
    <img src="/icon.png" alt="">
    <div data-says="moment"><h1>{moment}</h1></div>
    <div data-says="gone" hidden><h1>{gone}</h1><p>{safe}</p><p>{start}</p></div>
    <div data-says="moved" hidden><h1>{moved}</h1><p>{safe}</p><p>{address}</p></div>
  </div></div>"""


def dressed(page: bytes, words: Words, palette: Palette) -> bytes:
    """Return Flet's page with our sheet over it, in a language and a palette."""
    said = {
        name: escape(words(f"page.{name}"))
        for name in ("moment", "gone", "moved", "safe", "start", "address")
    }
    style = _STYLE.format(
        background=palette.background, ink=palette.ink, ink_soft=palette.ink_soft, radius=RADIUS_PX
    )
    changes = {
        "<html>": f'<html lang="{words.language}-CA">',
        "<title>Flet</title>": f"<title>{escape(words('app.title'))}</title>",
        'role="status" aria-label="Loading"': 'aria-hidden="true"',
        "</head>": f"{style}\n  {_timed(_SCRIPT)}\n</head>",
        "<body>": f"<body>\n  {_SHEET.format(**said)}",
    }
    text = page.decode("utf-8")
    for old, new in changes.items():
        text = text.replace(old, new, 1)
    return text.encode()


def _timed(script: str) -> str:
    times = {
        "GONE_AFTER_MS": GONE_AFTER_MS,
        "LOOK_AGAIN_MS": LOOK_AGAIN_MS,
        "DRAWN_AFTER_MS": DRAWN_AFTER_MS,
    }
    for name, ms in times.items():
        script = script.replace(name, str(ms))
    return script
