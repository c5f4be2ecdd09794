"""How this device is connected, as the screen's client last told; unknown counts as unmetered."""

from dataclasses import dataclass


@dataclass(slots=True)
class Network:
    """What is known of the connection."""

    is_up: bool = True
    is_mobile: bool = False
    """Whether the phone's own data is all there is."""
