"""Printing: the site has no PDF engine, and answers like one without wkhtmltopdf."""

from __future__ import annotations

from server_sync.embedded_erp.calls import Call, Reply, Request
from server_sync.embedded_erp.documents import read
from server_sync.embedded_erp.errors import ErpError

_NO_ENGINE = (
    "If this file exists please check that this process can read it or you can pass path to it "
    "manually in method call, check README. Otherwise please install wkhtmltopdf - "
    "https://github.com/JazzCore/python-pdfkit/wiki/Installing-wkhtmltopdf"
)


def download_pdf(call: Call, request: Request) -> Reply:
    """Answer `frappe.utils.print_format.download_pdf`: 500 OSError, there is no engine."""
    sent = request.arguments
    read(call, str(sent.get("doctype")), str(sent.get("name")))
    raise ErpError(500, "OSError", throws=False, exception_text=_NO_ENGINE)
