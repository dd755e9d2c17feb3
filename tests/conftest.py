"""What holds for every test: properties do not depend on the clock, and two runs of the suite try the same examples."""

import os

import pytest
from hypothesis import HealthCheck, settings

# how long an example takes is no finding; a folder that all examples of one test share is meant so
SUPPRESSED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
settings.register_profile("crosscase", deadline=None, derandomize=True, suppress_health_check=SUPPRESSED)
# pytest --hypothesis-profile=search looks where nobody has looked yet, and says how to find it again
settings.register_profile("search", deadline=None, print_blob=True, suppress_health_check=SUPPRESSED)
settings.load_profile("crosscase")


def pytest_collection_modifyitems(items):
    """Report tests that need signals, links or permissions of POSIX as not run where there are none."""
    for item in items:
        if item.get_closest_marker("posix") and os.name != "posix":
            item.add_marker(pytest.mark.skip(reason="needs signals, links or permissions of POSIX"))
