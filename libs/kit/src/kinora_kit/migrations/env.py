"""Alembic's entry point for every service; `kinora_kit.db.migrate` hands the connection over."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table_schema=context.config.attributes["schema"])
with context.begin_transaction():
    context.run_migrations()
