from hypothesis import settings

# A busy machine is no reason to fail: examples are judged by result, not by time.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
