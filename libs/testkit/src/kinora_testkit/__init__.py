"""Real Postgres, Kafka and Triton for tests, and the named cast of users."""
