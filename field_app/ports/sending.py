"""How far something done here has come, in the server's own words."""

from enum import StrEnum


class SendState(StrEnum):
    """Where something done here stands on its way; never more than the server has said."""

    ON_DEVICE = "on-device"
    RECEIVED = "received"
    IN_OFFICE = "in-office"
    NEEDS_YOU = "needs-you"
    NEEDS_REVIEW = "needs-review"
    CLOSED = "closed"
