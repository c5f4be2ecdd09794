"""A customer with a browser that runs no script: follows links and sends forms, over a socket."""

import html
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpx

_FORM: Final = re.compile(r'<form method="post" action="([^"]+)">(.*?)</form>', re.DOTALL)
_FIELD: Final = re.compile(r"<(?:input|button)[^>]*>")
_ATTRIBUTE: Final = re.compile(r'(\w+)="([^"]*)"')


@dataclass
class Browser:
    """One customer. Whatever host an address names, the server under test is asked."""

    base: str
    language: str = "fr"

    def get(self, url: str) -> httpx.Response:
        return self._send("GET", url)

    def post(self, url: str, form: dict[str, str]) -> httpx.Response:
        return self._send("POST", url, data=form)

    def submit(self, page: httpx.Response, number: int = 0, **typed: str) -> httpx.Response:
        """Send a form of a page with what stands in it, and what was typed over it."""
        action, inside = _FORM.findall(page.text)[number]
        fields = [dict(_ATTRIBUTE.findall(tag)) for tag in _FIELD.findall(inside)]
        given = {f["name"]: html.unescape(f.get("value", "")) for f in fields if "name" in f}
        return self.post(html.unescape(action), given | typed)

    def follow(self, answer: httpx.Response) -> httpx.Response:
        """Go where a redirect leads."""
        assert answer.status_code == 303, answer.text
        return self.get(answer.headers["location"])

    def _send(self, method: str, url: str, data: dict[str, str] | None = None) -> httpx.Response:
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        return httpx.request(
            method,
            f"{self.base}{parts.path}{query}",
            data=data,
            headers={"Accept-Language": self.language},
            timeout=20,
        )


def text_of(page: httpx.Response) -> str:
    """Return what a person reads."""
    body = re.sub(r"<style>.*?</style>", " ", page.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())
