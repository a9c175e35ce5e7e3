"""Alembic runs this: migrate in the transaction that database.migrate has begun, which takes all or nothing."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
