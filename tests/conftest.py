"""What all tests share: properties are never judged by the clock, since a busy machine is slow and not wrong."""

from hypothesis import HealthCheck, settings

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
