"""The routes: `/api/resource`, `/api/method`, their v2 forms, and a few pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from server_sync.embedded_erp import docactions, files
from server_sync.embedded_erp.calls import Call, Reply, Request
from server_sync.embedded_erp.deleting import delete
from server_sync.embedded_erp.documents import Document, read, render
from server_sync.embedded_erp.errors import no_such_route
from server_sync.embedded_erp.listing import count_documents, list_documents, parse_arguments
from server_sync.embedded_erp.metadata import describe
from server_sync.embedded_erp.methods import run_method
from server_sync.embedded_erp.saving import insert, update
from server_sync.embedded_erp.shapes import success

Rest = list[str]
"""The parts of a path after the route's own."""
Route = Callable[[Call, Request, Rest], Reply]


def route(call: Call, request: Request) -> Reply:
    """Answer one request; ErpErrors are for the caller to shape."""
    match request.path.strip("/").split("/"):
        case ["api", "v2", kind, *rest] if rest and kind in _V2:
            return _V2[kind](call, request, rest)
        case ["api", "v1", kind, *rest] | ["api", kind, *rest] if rest and kind in _V1:
            return _V1[kind](call, request, rest)
        case [page, *rest] if page in _PAGES:
            return _PAGES[page](call, request, rest)
        case _:
            raise no_such_route()


def is_v2(path: str) -> bool:
    """Whether a path speaks API v2, which shapes its errors differently."""
    return path.startswith("/api/v2/")


def _resource(call: Call, request: Request, rest: Rest) -> Reply:
    doctype, *name = rest
    if name:
        return _document(call, request, doctype, "/".join(name))
    return _collection(call, request, doctype)


def _method(call: Call, request: Request, rest: Rest) -> Reply:
    return run_method(call, request, "/".join(rest))


def _resource_v2(call: Call, request: Request, rest: Rest) -> Reply:
    doctype, *name = rest
    if name:
        return _document_v2(call, request, doctype, "/".join(name))
    return _collection_v2(call, request, doctype)


def _doctype_v2(call: Call, request: Request, rest: Rest) -> Reply:
    match rest:
        case [doctype, "meta"]:
            return success(call, {"data": describe(call, doctype)})
        case [doctype, "count"]:
            return success(call, {"data": count_documents(call, doctype, request.arguments)})
        case _:
            raise no_such_route()


def _collection(call: Call, request: Request, doctype: str) -> Reply:
    match request.method:
        case "GET":
            rows = list_documents(call, doctype, parse_arguments(request.arguments))
            return success(call, {"data": rows})
        case "POST":
            return _shown(call, insert(call, doctype, request.payload))
        case _:
            raise no_such_route()


def _document(call: Call, request: Request, doctype: str, name: str) -> Reply:
    match request.method:
        case "GET":
            return _shown(call, read(call, doctype, name))
        case "PUT":
            return _shown(call, update(call, doctype, name, request.payload))
        case "DELETE":
            delete(call, doctype, name)
            return replace(success(call, {"data": "ok"}), status=202)
        case "POST":
            method = str(request.arguments.get("run_method", ""))
            return _shown(call, docactions.run(call, doctype, name, method))
        case _:
            raise no_such_route()


def _collection_v2(call: Call, request: Request, doctype: str) -> Reply:
    if request.method == "POST":
        return _shown_v2(call, insert(call, doctype, request.payload))
    arguments = parse_arguments(request.arguments)
    wanted = arguments.length
    more = replace(arguments, length=wanted + 1 if wanted else 0)
    rows = list_documents(call, doctype, more, nested=True)
    has_next = bool(wanted) and len(rows) > wanted
    return success(call, {"has_next_page": has_next, "data": rows[: wanted or None]})


def _document_v2(call: Call, request: Request, doctype: str, rest: str) -> Reply:
    name, marker, method = rest.partition("/method/")
    match request.method:
        case "POST" if marker:
            document = docactions.run(call, doctype, name, method)
            shown = render(document, nulls=True)
            data = render(document, nulls=False)
            return success(call, {"docs": [shown], "data": data})
        case "GET":
            return _shown_v2(call, read(call, doctype, name))
        case "PUT" | "PATCH":
            return _shown_v2(call, update(call, doctype, name, request.payload))
        case "DELETE":
            delete(call, doctype, name)
            return replace(success(call, {"data": "ok"}), status=202)
        case _:
            raise no_such_route()


def _method_v2(call: Call, request: Request, rest: Rest) -> Reply:
    reply = run_method(call, request, "/".join(rest))
    if reply.body is not None and "message" in reply.body:
        reply.body = {"data": reply.body.pop("message"), **reply.body}
    return reply


def _shown(call: Call, document: Document) -> Reply:
    return success(call, {"data": render(document, nulls=False)})


def _shown_v2(call: Call, document: Document) -> Reply:
    return success(call, {"data": render(document, nulls=True)})


def _file(call: Call, request: Request, _rest: Rest) -> Reply:
    return files.download(call, request)


def _desk(call: Call, request: Request, _rest: Rest) -> Reply:
    token = call.site.sessions.open_desk(request)
    page = f'<!DOCTYPE html>\n<script>frappe.csrf_token = "{token}";</script>\n'
    return Reply(content=page.encode(), content_type="text/html; charset=utf-8")


_V1: dict[str, Route] = {"resource": _resource, "method": _method}
_V2: dict[str, Route] = {
    "document": _resource_v2,
    "doctype": _doctype_v2,
    "method": _method_v2,
}
_PAGES: dict[str, Route] = {"private": _file, "files": _file, "app": _desk, "desk": _desk}
