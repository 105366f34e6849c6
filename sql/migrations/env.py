"""How Alembic runs the migrations: on the engine of `pg_schema`, one transaction a migration (TECH T17)."""

from alembic import context

with context.config.attributes["engine"].connect() as connection:
    # A function runs inside each migration's own transaction, so that what a migration makes is never left ungranted.
    context.configure(
        connection=connection,
        transaction_per_migration=True,
        on_version_apply=context.config.attributes["after_migration"],
    )
    with context.begin_transaction():
        context.run_migrations()
