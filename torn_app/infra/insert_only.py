"""Tables whose rows are written once: the database itself refuses to change or take away what was written.

A trigger of the company's own schema stands before every UPDATE, DELETE and TRUNCATE, whoever asks. Only dropping the
schema with everything in it, as a company is dropped, still works.
"""

from typing import Any

from sqlalchemy import Connection, Table, event

from torn_app.infra.tenancy import TENANT_TOKEN


def insert_only(table: Table) -> Table:
    """Have a table of the companies guarded wherever it is made. Its migration makes the same guard by itself."""
    event.listen(table, "after_create", _guard)
    return table


def _guard(table: Table, connection: Connection, **_: Any) -> None:
    schema = connection.get_execution_options()["schema_translate_map"][TENANT_TOKEN]
    connection.exec_driver_sql(
        f"""
        CREATE FUNCTION "{schema}".{table.name}_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is insert-only', ERRCODE = 'insufficient_privilege';
        END $$
        """
    )
    connection.exec_driver_sql(
        f"""
        CREATE TRIGGER {table.name}_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "{schema}".{table.name}
        FOR EACH STATEMENT EXECUTE FUNCTION "{schema}".{table.name}_insert_only()
        """
    )
