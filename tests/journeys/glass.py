"""A person at the glass: Chromium shown the app, found by its accessible names alone.

Playwright's synchronous API leaves a loop running on its thread, which would break every other
asynchronous test of the process, so it has a thread of its own.
"""

# ruff: noqa: ANN401 - Playwright's values are as loose

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeVar

from playwright.sync_api import Error, Locator, Page, sync_playwright

T = TypeVar("T")
PHONE: Final = (390, 844)
DESKTOP: Final = (1280, 800)
WAIT_MS: Final = 20_000
"""Two slow cores that also run other tests; only a failure waits for all of it."""
_STILL_MS: Final = 150
"""Flutter loses a text that is filled in while it moves the focus (flet.md, pitfall 2)."""
_LOOK_MS: Final = 50
_READING_MS: Final = 400
"""A person reads before pressing; faster is taken for the second half of a double click."""
_FLAGS: Final = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
_BOOT: Final = """
addEventListener('flutter-first-frame', () => {
  window.__painted = true;
  const timer = setInterval(() => {
    const open = document.querySelector('flt-semantics-placeholder');
    if (document.querySelector('flt-semantics')) clearInterval(timer);
    else if (open) open.click();
  }, 50);
}, {once: true});
"""
_OPERABLE: Final = "[role=button],[role=checkbox],[role=radio],[role=switch],[flt-tappable]"


def chromium() -> str | None:
    """Return the browser of this machine, if it has one."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = (path for name in names if (path := shutil.which(name)))
    return os.environ.get("CHROMIUM") or next(found, None)


class Browser:
    """One Chromium on a thread of its own."""

    def __init__(self, *, video: Path | None = None) -> None:
        """video: what the camera sees, as Y4M; otherwise Chromium's own moving pattern."""
        seen = [f"--use-file-for-fake-video-capture={video}"] if video else []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="glass")
        self._play = self.do(lambda: sync_playwright().start())
        self._chromium = self.do(
            lambda: self._play.chromium.launch(executable_path=chromium(), args=[*_FLAGS, *seen])
        )

    def do(self, work: Callable[[], T]) -> T:
        """Do something on the browser's thread."""
        return self._thread.submit(work).result()

    def close(self) -> None:
        """End the browser."""
        self.do(self._chromium.close)
        self.do(self._play.stop)
        self._thread.shutdown()

    @contextlib.contextmanager
    def glass(self, size: tuple[int, int] = PHONE, language: str = "fr-CA") -> Iterator["Glass"]:
        """Open a window of a size."""
        context = self.do(
            lambda: self._chromium.new_context(
                viewport={"width": size[0], "height": size[1]},
                locale=language,
                permissions=["camera"],
                accept_downloads=True,
            )
        )
        page = self.do(context.new_page)
        self.do(lambda: page.add_init_script(_BOOT))
        try:
            yield Glass(self, page)
        finally:
            self.do(context.close)


class Glass:
    """One window."""

    def __init__(self, browser: Browser, page: Page) -> None:
        self._browser = browser
        self._page = page
        self.left_the_machine: list[str] = []
        browser.do(lambda: page.on("request", self._note))

    def _note(self, request: Any) -> None:
        if not request.url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")):
            self.left_the_machine.append(request.url)

    def do(self, work: Callable[[Page], T]) -> T:
        """Do something with the page; what goes wrong is told with what was on the screen."""
        try:
            return self._browser.do(lambda: work(self._page))
        except Error as error:
            here = self._browser.do(
                lambda: (self._page.evaluate(_NAMES), self._page.evaluate(_TEXT))
            )
            raise AssertionError(f"{error.message}\non the screen: {here[0]}\n{here[1]}") from error

    # --- going

    def open(self, url: str) -> None:
        """Open an address and wait for the first frame."""

        def work(page: Page) -> None:
            page.goto(url)
            _until(page, "window.__painted === true")

        self.do(work)

    @property
    def path(self) -> str:
        """The path of the address."""
        return self.do(lambda page: str(page.evaluate("location.pathname")))

    # --- doing

    def tap(self, name: str, *, times: int = 1) -> None:
        """Press what stands under an identifier."""

        def work(page: Page) -> None:
            place = _operable(page, name)
            page.wait_for_timeout(_READING_MS)
            if times == 1:
                place.click(force=True)
            else:
                place.dblclick(force=True)

        self.do(work)

    def tab(self, label: str) -> None:
        """Go to a room by the bar."""

        def work(page: Page) -> None:
            tab = page.get_by_role("tab", name=label).or_(page.get_by_role("button", name=label))
            tab.first.wait_for(state="attached", timeout=WAIT_MS)
            tab.first.click(force=True)

        self.do(work)

    def type(self, name: str, text: str, *, becomes: str | None = None) -> None:
        """Type into the field under an identifier, the way a person does: once it has the focus.

        becomes: what the field makes of it, when that is not what was typed.
        """

        def work(page: Page) -> None:
            field = _named(page, name).locator("input,textarea").first
            for _ in range(4):
                field.wait_for(state="attached", timeout=WAIT_MS)
                field.click(force=True)
                page.wait_for_timeout(_STILL_MS)
                field.fill(text)
                page.wait_for_timeout(_STILL_MS)
                if field.input_value() in (text, becomes):
                    return
            raise AssertionError(f"{name} takes {field.input_value()!r} for {text!r}")

        self.do(work)

    def choose_files(self, name: str, *files: Path) -> None:
        """Press what opens a file picker and choose files."""

        def work(page: Page) -> None:
            with page.expect_file_chooser(timeout=WAIT_MS) as chooser:
                _operable(page, name).click(force=True)
            chooser.value.set_files([str(file) for file in files])

        self.do(work)

    def key(self, name: str) -> None:
        """Press a key."""
        self.do(lambda page: page.keyboard.press(name))

    def tabbed(self) -> str:
        """Press Tab; return the identifier of what has the focus then."""

        def work(page: Page) -> str:
            page.keyboard.press("Tab")
            page.wait_for_timeout(_STILL_MS)
            return str(page.evaluate(_FOCUSED))

        return self.do(work)

    def draw(self, name: str, points: list[tuple[float, float]]) -> None:
        """Draw a stroke on what stands under an identifier; points are shares of its size."""

        def work(page: Page) -> None:
            place = _named(page, name)
            place.wait_for(state="attached", timeout=WAIT_MS)
            box = place.bounding_box()
            assert box, f"{name} has no place"
            spots = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
            page.mouse.move(*spots[0])
            page.mouse.down()
            for spot in spots[1:]:
                page.mouse.move(*spot, steps=6)
                page.wait_for_timeout(15)
            page.mouse.up()

        self.do(work)

    def scroll(self, dy: int) -> None:
        """Turn the wheel over the middle."""

        def work(page: Page) -> None:
            size = page.viewport_size or {"width": 390, "height": 844}
            page.mouse.move(size["width"] * 0.6, size["height"] / 2)
            page.mouse.wheel(0, dy)
            page.wait_for_timeout(400)

        self.do(work)

    def reveal(self, name: str) -> None:
        """Scroll until something is there: what is outside the view is not in the tree."""
        for _ in range(12):
            if self.has(name):
                return
            self.scroll(350)
        raise AssertionError(f"{name} is nowhere on this screen: {self.names()}")

    def reveal_text(self, text: str) -> None:
        """Scroll until a text is there."""
        for _ in range(12):
            if text in self.text():
                return
            self.scroll(350)
        raise AssertionError(f"{text!r} is nowhere on this screen:\n{self.text()}")

    def pause(self) -> None:
        """Let notices go and ripples end."""
        self.do(lambda page: page.wait_for_timeout(5_000))

    # --- seeing

    def waits_for(self, name: str) -> None:
        """Wait until something stands under an identifier."""
        self.do(lambda page: _named(page, name).wait_for(state="attached", timeout=WAIT_MS))

    def has(self, name: str) -> bool:
        """Tell whether something stands under an identifier now."""
        return self.do(lambda page: _named(page, name).count() > 0)

    def sees(self, *texts: str, patience: int = 1) -> None:
        """Wait until every text is on the screen; patience: how many times as long as usual."""
        for text in texts:
            self.do(lambda page, text=text: _until(page, _SAYS, text, patience))  # type: ignore[misc]  # bound now

    def page_says(self, text: str) -> None:
        """Wait until the page itself, not the app on it, says something."""
        sheet = "#field-sheet:not([hidden]) [data-says]:not([hidden])"
        self.do(
            lambda page: page.locator(sheet, has_text=text).wait_for(
                state="visible", timeout=WAIT_MS
            )
        )

    def sees_no(self, text: str) -> None:
        """Check that a text is not on the screen."""
        assert text not in self.text(), self.text()

    def loses(self, text: str) -> None:
        """Wait until a text is no longer on the screen."""
        self.do(lambda page: _until(page, _SAYS_NOT, text))

    def loses_name(self, name: str) -> None:
        """Wait until nothing stands under an identifier any more."""
        self.do(lambda page: _named(page, name).wait_for(state="detached", timeout=WAIT_MS))

    def comes_soon(self, name: str) -> bool:
        """Tell whether something comes to stand under an identifier within five seconds."""
        for _ in range(100):
            if self.has(name):
                return True
            self.do(lambda page: page.wait_for_timeout(_LOOK_MS))
        return False

    def text(self) -> str:
        """Return every word on the screen, as a screen reader would have it."""
        return self.do(lambda page: str(page.evaluate(_TEXT)))

    def names(self) -> list[str]:
        """Return every identifier on the screen."""
        return self.do(lambda page: list(page.evaluate(_NAMES)))

    def picture(self, file: Path) -> None:
        """Keep what the screen looks like."""
        self.do(lambda page: page.screenshot(path=str(file)))


def _until(page: Page, claim: str, about: str = "", patience: int = 1) -> None:
    """Wait until something is true of the page.

    Asked from outside: Playwright's own waiting evaluates text in the page, which the app's
    content policy forbids.
    """
    for _ in range(patience * WAIT_MS // _LOOK_MS):
        if page.evaluate(claim, about):
            return
        page.wait_for_timeout(_LOOK_MS)
    raise Error(f"never came: {about or claim!r}")


def _named(page: Page, name: str) -> Locator:
    return page.locator(f"[flt-semantics-identifier={json.dumps(name)}]").first


def _operable(page: Page, name: str) -> Locator:
    """Return what takes the press: the identified node, or the button in it."""
    place = _named(page, name)
    place.wait_for(state="attached", timeout=WAIT_MS)
    inner = place.locator(_OPERABLE).first
    return inner if inner.count() else place


_TEXT: Final = """() => [...document.querySelectorAll('flt-semantics, flt-semantics input')]
  .map(e => [e.getAttribute('aria-label'), e.value,
             [...e.childNodes].filter(n => n.nodeType === 3 || n.tagName === 'SPAN')
               .map(n => n.textContent).join(' ')].filter(Boolean).join(' '))
  .filter(Boolean).join('\\n')"""
_FOCUSED: Final = """() => document.activeElement?.closest('[flt-semantics-identifier]')
  ?.getAttribute('flt-semantics-identifier') ?? ''"""
_SAYS: Final = f"(text) => ({_TEXT})().includes(text)"
_SAYS_NOT: Final = f"(text) => !({_TEXT})().includes(text)"
_NAMES: Final = """() => [...document.querySelectorAll('[flt-semantics-identifier]')]
  .map(e => e.getAttribute('flt-semantics-identifier'))"""
