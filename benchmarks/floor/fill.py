"""Makes the floor's table."""

from datetime import date, timedelta

from django.core.management import call_command
from django.db import connection

from benchmarks import words
from benchmarks.floor.models import Row

ROWS = 2000


def main(_arguments: list[str]) -> None:
    """Write the rows."""
    call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
    stock = words.stock()
    Row.objects.bulk_create(
        [
            Row(
                title=f"{stock.names[number % len(stock.names)][0]}, {number}",
                place="Jakarta, Balai Cempaka",
                day=date(2007, 5, 12) + timedelta(days=number),
                state=("announced", "concluded")[number % 2],
                text=stock.items[number % len(stock.items)][0],
            )
            for number in range(ROWS)
        ],
        batch_size=500,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
