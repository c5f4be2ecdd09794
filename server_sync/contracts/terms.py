"""What the operator decides about contracts: counsel's switch, the accountant's, ERP names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """One company's choices; see the settings of the same names."""

    follows_crtc: bool = True
    """Whether the Internet Code binds this provider, or is followed anyway."""
    is_tax_included: bool = True
    """Whether an indemnity contains its taxes, so that a consumer never pays above the cap."""
    item: str = "FRAIS-RESIL"
    """The ERP's Item of a termination fee."""
    tps_account: str = "TPS - GF"
    tvq_account: str = "TVQ - GF"
