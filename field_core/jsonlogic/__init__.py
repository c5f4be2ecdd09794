"""JSONLogic: a rule that is data, with one answer on every device and on the server.

The language of jsonlogic.com without `log`. A rule cannot loop, look at a clock or reach anything
but its data; what it may cost is bounded, so that no rule from outside can hang a phone.
"""

from field_core.jsonlogic.budget import JsonLogicError
from field_core.jsonlogic.coercion import truth
from field_core.jsonlogic.run import apply

__all__ = ["JsonLogicError", "apply", "truth"]
