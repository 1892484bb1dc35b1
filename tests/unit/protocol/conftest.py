"""Properties are checked without a stopwatch: a busy machine is no failure."""

from hypothesis import settings

settings.register_profile("wxkf", deadline=None)
settings.load_profile("wxkf")
