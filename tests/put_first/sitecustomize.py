"""Read by Python at its start: guards a program that a test runs."""

import sys

from tests.loopback import end

sys.addaudithook(end)
