"""The database itself refuses to change a log entry."""

from django.db import migrations

SQLITE = """
CREATE TRIGGER portal_logentry_frozen BEFORE UPDATE ON portal_logentry
BEGIN SELECT RAISE(ABORT, 'the log cannot be changed'); END
"""
POSTGRESQL = """
CREATE FUNCTION portal_refuse_change() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'a frozen row cannot be changed'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER portal_logentry_frozen BEFORE UPDATE ON portal_logentry
FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""


def freeze(apps, schema_editor):
    """Add the trigger in the dialect of this database."""
    schema_editor.execute(
        SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    )


def thaw(apps, schema_editor):
    """Take the trigger away again."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER portal_logentry_frozen")
    else:
        schema_editor.execute(
            "DROP TRIGGER portal_logentry_frozen ON portal_logentry; DROP FUNCTION portal_refuse_change"
        )


class Migration(migrations.Migration):
    dependencies = [("portal", "0002_create_cache_table")]

    operations = [migrations.RunPython(freeze, thaw)]
