"""Settings of the property tests of this folder."""

from hypothesis import HealthCheck, settings

# A busy machine must not fail a test: no deadline per example, no complaint about slow generation.
settings.register_profile("dte", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dte")
