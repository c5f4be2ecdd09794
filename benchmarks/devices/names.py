"""What technicians are called."""


def name_of(number: int) -> str:
    """Return the name of a technician, as the ERP's series has it."""
    return f"DT-{number:05d}"
