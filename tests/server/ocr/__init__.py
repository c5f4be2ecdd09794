"""Labels read at the server: codes first, then a model in Gemini's wire format, within limits."""
