"""TR-098 (`InternetGatewayDevice.`) as the standard has it.

Wi-Fi networks 1 to 4 are on 2.4 GHz and 5 to 8 on 5 GHz on most units, in reverse on some, so the
place counts only when neither band, channel nor standard tells.
"""

from typing import Final

from field_core.cpe.families.table import Family

TABLE: Final = Family(name="TR-098")
BAND_OF_PLACE: Final = ((range(1, 5), "2.4GHz"), (range(5, 9), "5GHz"))
