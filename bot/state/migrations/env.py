"""Alembic runs this: migrate over the connection that database.migrate hands in, one transaction a migration."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"], transactional_ddl=True, transaction_per_migration=True
)
with context.begin_transaction():
    context.run_migrations()
