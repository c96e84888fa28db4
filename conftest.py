"""Every test may use the testkit's servers and its cast of users. Laws have no time limit: a busy machine breaks none."""

from hypothesis import settings

pytest_plugins = ["kinora_testkit.fixtures"]
settings.register_profile("kinora", deadline=None)
settings.load_profile("kinora")
