"""The database itself moves the end of the log on with each entry."""

from django.db import migrations

SQLITE = """
CREATE TRIGGER portal_logentry_moves_head AFTER INSERT ON portal_logentry
BEGIN UPDATE portal_loghead SET number = NEW.number, digest = NEW.digest, at = NEW.at WHERE id = 1; END
"""
POSTGRESQL = """
CREATE FUNCTION portal_move_log_head() RETURNS trigger AS $$
BEGIN
  UPDATE portal_loghead SET number = NEW.number, digest = NEW.digest, at = NEW.at WHERE id = 1;
  RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER portal_logentry_moves_head AFTER INSERT ON portal_logentry
FOR EACH ROW EXECUTE FUNCTION portal_move_log_head();
"""


def add(apps, schema_editor):
    """Add the trigger in the dialect of this database."""
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def drop(apps, schema_editor):
    """Take the trigger away again."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER portal_logentry_moves_head")
    else:
        schema_editor.execute(
            "DROP TRIGGER portal_logentry_moves_head ON portal_logentry; DROP FUNCTION portal_move_log_head"
        )


class Migration(migrations.Migration):
    dependencies = [("portal", "0005_block_addresses")]

    operations = [migrations.RunPython(add, drop)]
