"""Times in the browser: from the finger on the glass to what came of it in the drawn tree."""

from typing import Any, Final

from playwright.sync_api import Page

from tests.journeys.glass import WAIT_MS, Glass

_WATCH: Final = """
addEventListener('pointerdown', () => { window.__down = performance.now(); }, true);
window.__until = (selector, longest) => new Promise((done, fail) => {
  const look = () => {
    if (document.querySelector(selector)) done(performance.now() - window.__down);
    else if (performance.now() - window.__down > longest) fail(new Error(`no ${selector}`));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
});
true;
"""
# The last word keeps Playwright from calling what the text leaves: a function would be run.


def ready(glass: Glass) -> None:
    """Prepare the page; needed again after it was loaded anew."""
    glass.do(lambda page: page.evaluate(_WATCH))


def press(glass: Glass, name: str, shows: str) -> float:
    """Press one thing and return milliseconds until another is drawn."""
    return glass.do(lambda page: _timed(page, _named(name), _named(shows)))


def press_until_said(glass: Glass, name: str, said: str) -> float:
    """Press one thing and return milliseconds until the drawn tree says something.

    For what is drawn in place of something else: Flutter's web engine writes the new words of a
    node at once, but its new identifier only with the next change of the tree.
    """
    selector = f'[aria-label*="{said}"]'
    return glass.do(lambda page: _timed(page, _named(name), selector))


def press_tab(glass: Glass, label: str, shows: str) -> float:
    """Press a tab of the bar and return milliseconds until its room is drawn."""
    tab = f'[role=tab][aria-label="{label}"]'
    return glass.do(lambda page: _timed(page, tab, _named(shows)))


def _named(name: str) -> str:
    return f'[flt-semantics-identifier="{name}"]'


def _timed(page: Page, pressed: str, shows: str) -> float:
    place = page.locator(pressed).first
    place.wait_for(state="attached", timeout=WAIT_MS)
    box: Any = place.bounding_box()
    assert box, f"{pressed} has no place"
    page.evaluate("window.__down = undefined")
    page.evaluate(f"void (window.__took = window.__until({shows!r}, {WAIT_MS}))")
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    return float(page.evaluate("window.__took"))
