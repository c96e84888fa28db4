"""What every service needs to be a service: server, errors, database, events, identity, telemetry."""
