"""The domain that both programs share: documents, merge, messages; no IO, no clock, no screen."""
