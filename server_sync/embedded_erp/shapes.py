"""Bodies of answers: how a refusal and a success look in API v1 and v2."""

from __future__ import annotations

import json

from server_sync.embedded_erp.calls import Call, Reply
from server_sync.embedded_erp.errors import ErpError, message
from server_sync.embedded_erp.meta import Row
from server_sync.embedded_erp.sanitise import clean
from server_sync.embedded_erp.site import Site

_EXCEPTION_ID_BYTES = 28
_TRACEBACK = "Traceback (most recent call last):\n  <embedded>\n"
_HTML_500 = """<html>
  <head>
    <title>Internal Server Error</title>
  </head>
  <body>
    <h1><p>Internal Server Error</p></h1>
  </body>
</html>
"""
_HTML_ERROR = "<!doctype html>\n<html lang=en>\n<title>{code} {words}</title>\n<h1>{words}</h1>\n"


def html_500() -> Reply:
    """The page of a worker whose error handler failed."""
    return Reply(status=500, content=_HTML_500.encode(), content_type="text/html")


def html_error(status: int, words: str, sentence: str = "") -> Reply:
    """A page of the web server: 403, 413."""
    text = _HTML_ERROR.format(code=status, words=words)
    text += f"<p>{sentence}</p>\n" if sentence else ""
    return Reply(status=status, content=text.encode(), content_type="text/html; charset=utf-8")


def error_reply(site: Site, error: ErpError, *, v2: bool, call: Call | None = None) -> Reply:
    """The answer to a refused request."""
    if error.html:
        return html_500()
    log = list(call.messages) if call else []
    log += [_identified(site, entry) for entry in error.announced]
    if error.throws:
        log.append(_thrown(site, error))
    traced = error.traced and site.settings.tracebacks
    body = _error_v2(error, log, traced=traced) if v2 else _error_v1(error, log, traced=traced)
    return Reply(body, status=error.status, headers=dict(error.headers))


def success(call: Call, body: Row) -> Reply:
    """A good answer with the messages that arose on the way."""
    if call.messages:
        body["_server_messages"] = _log_text(call.messages)
    if call.debug:
        body["_debug_messages"] = json.dumps(call.debug)
    return Reply(body)


def _error_v1(error: ErpError, log: list[Row], *, traced: bool) -> Row:
    body: Row = dict(error.extra)
    if traced:
        body["exception"] = str(error)
    body["exc_type"] = error.exc_type
    body |= error_source(error)
    if traced:
        body["exc"] = json.dumps([f"{_TRACEBACK}{error}\n"])
    if log:
        body["_server_messages"] = _log_text(log)
    if error.debug:
        body["_debug_messages"] = json.dumps(error.debug)
    if error.error_message:
        body["_error_message"] = error.error_message
    return body


def error_source(error: ErpError) -> Row:
    """The app that the traceback ends in, when it is not Frappe itself."""
    return {"_exc_source": error.source} if error.source else {}


def _error_v2(error: ErpError, log: list[Row], *, traced: bool) -> Row:
    entry: Row = {"type": error.exc_type}
    if traced:
        entry["exception"] = f"{_TRACEBACK}{error}\n"
    if log:
        last = log[-1]
        kept = ("message", "as_table", "title", "indicator")
        entry |= {key: last[key] for key in kept if key in last}
    return {"errors": [entry]}


def _thrown(site: Site, error: ErpError) -> Row:
    entry = message(clean(error.raised), title=error.title, indicator="red")
    return _identified(site, {**entry, "raise_exception": 1})


def _identified(site: Site, entry: Row) -> Row:
    """A message that stopped the request carries a random id."""
    if "raise_exception" not in entry:
        return entry
    return {**entry, "__frappe_exc_id": site.entropy(_EXCEPTION_ID_BYTES).hex()}


def _log_text(log: list[Row]) -> str:
    dump = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
    return dump([dump(entry) for entry in log])
