"""What every answer of this package has in common."""

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """Frozen; fields of a newer server are ignored. Amounts are dollars and travel as text."""

    model_config = ConfigDict(frozen=True, extra="ignore")
