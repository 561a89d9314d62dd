"""What holds for every test."""

from hypothesis import settings

# a crowded machine is no failure: what must be quick is measured in processor time by a test of its own
settings.register_profile("rekam", deadline=None)
settings.load_profile("rekam")
