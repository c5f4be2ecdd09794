"""A contract accepted with evidence: by a signed link (residential), by DocuSeal (commercial)."""
