"""Keep beside each seat the key under which the door finds whoever sits there."""

from django.db import migrations, models

from portal import text

BATCH = 1_000


def fill(apps, schema_editor):
    seats = apps.get_model("consultations", "Seat").objects.using(schema_editor.connection.alias)
    known = list(seats.only("pk", "full_name", "office"))
    for seat in known:
        seat.name_key = text.comparison_key(f"{seat.full_name} {seat.office}")[:400]
    seats.bulk_update(known, ["name_key"], batch_size=BATCH)


class Migration(migrations.Migration):

    dependencies = [("consultations", "0003_plan_meet_tell")]

    operations = [
        migrations.AddField(
            model_name="seat",
            name="name_key",
            field=models.CharField(blank=True, default="", editable=False, max_length=400),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
