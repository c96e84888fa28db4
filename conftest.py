"""Every test may use the testkit's servers and its cast of users."""

pytest_plugins = ["kinora_testkit.fixtures"]
