"""The database itself refuses to change an adopted text: invariant 1 of the domain."""

from django.db import migrations

COLUMNS = {
    "recommendations_edition": "statement_id, number, canonical, fingerprint, adopted_on, prevailing_language",
    "recommendations_item": "edition_id, section_id, number, text, text_en, text_ind",
}


def freeze(apps, schema_editor):
    """Add the triggers in the dialect of this database."""
    for table, columns in COLUMNS.items():
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OF {columns} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'an adopted text cannot be changed'); END"
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OF {columns} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION portal_refuse_change()"
            )


def thaw(apps, schema_editor):
    """Take the triggers away again."""
    for table in COLUMNS:
        suffix = "" if schema_editor.connection.vendor == "sqlite" else f" ON {table}"
        schema_editor.execute(f"DROP TRIGGER {table}_frozen{suffix}")


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0001_create_tables"),
        ("portal", "0003_freeze_log"),
    ]

    operations = [migrations.RunPython(freeze, thaw)]
