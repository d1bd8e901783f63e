"""The table in which sign-in limits are counted; limits must hold when Redis is gone."""

from django.core.management import call_command
from django.db import migrations


def create_cache_table(apps, schema_editor):
    """Make the table of the default cache on this database."""
    call_command(
        "createcachetable", database=schema_editor.connection.alias, verbosity=0
    )


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_create_tables")]

    operations = [migrations.RunPython(create_cache_table, migrations.RunPython.noop)]
