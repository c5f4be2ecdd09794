"""Who pushes, reads or decides, as the services know them."""

from dataclasses import dataclass

from field_core.authorship import Author
from field_core.capabilities import Capability


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, from which device, with which rights."""

    account: str
    device: str
    technician: str | None
    audience: str
    held: frozenset[Capability]
    is_draining: bool = False
    full_name: str = ""

    @property
    def name(self) -> str:
        """Who did it, as the office knows them."""
        return self.technician or self.account

    @property
    def signature(self) -> str:
        """Who did it, in a document that others read."""
        return self.author.signature

    @property
    def author(self) -> Author:
        """Who calls, as documents name them."""
        return Author(self.technician, self.full_name, self.account)
