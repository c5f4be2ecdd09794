"""The domain that both programs share: documents, merge, wire messages; no IO, no clock, no screen."""
