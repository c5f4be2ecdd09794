"""What every test can rely on: the house profile of Hypothesis."""

import os

from hypothesis import HealthCheck, settings

# Two slow shared cores make wall-clock limits of single examples meaningless: pytest-timeout
# watches the whole test instead. In CI the examples are the same each time, so that a red run
# is about the change; a person's run looks for new ones.
settings.register_profile(
    "house",
    deadline=None,
    print_blob=True,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")
