from hypothesis import settings

# the first example reads the region table; on a busy machine that exceeds the default 200 ms
settings.register_profile("rekam-enrolment", deadline=None)
settings.load_profile("rekam-enrolment")
