"""The floor of mail: one plain loop over one connection, three parts rendered per recipient, no outbox."""

import argparse
import json
import time
import uuid
from datetime import timedelta
from pathlib import Path

from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils import timezone

from benchmarks import words
from benchmarks.waiting import WARM_UP, wait_for_the_word

LANGUAGES = ("en", "id", "th", "vi", "km")


def letter(number: int, stock: words.Stock) -> EmailMultiAlternatives:
    """Return the mail to one recipient, in five languages by turns; we have the sentences in two."""
    place = number % 2
    now = timezone.now()
    context = {
        "language": LANGUAGES[number % len(LANGUAGES)],
        "subject": "Invitation: consultation, 12 May 2027",
        "seats": 2,
        "title": stock.names[number % len(stock.names)][place],
        "begins": now,
        "until": now + timedelta(hours=8),
        "city": "Jakarta",
        "mode": "in one place",
        "form": "consultation",
        "organisers": [{"kind": "convened by", "name": "Task Force"}, {"kind": "together with", "name": "Network"}],
        "promise": stock.items[0][place],
        "purpose": "\n\n".join([stock.purposes[0][place]] * 3),
        "link": f"https://bench.example/en/i/{uuid.uuid4().hex}/",
        "uid": uuid.uuid4(),
    }
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": str(context["language"])}
    to = [f"floor{number}@bench.example"]
    subject, text = str(context["subject"]), render_to_string("mail.txt", context)
    mail = EmailMultiAlternatives(subject, text, to=to, headers=headers)
    mail.attach_alternative(render_to_string("mail.html", context), "text/html")
    calendar = render_to_string("mail.ics", context)
    mail.attach_alternative(calendar, "text/calendar; method=PUBLISH")
    mail.attach("invitation.ics", calendar, "text/calendar")
    return mail


def main(arguments: list[str]) -> None:
    """Send that many mails and print how long it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--go", type=Path)
    given = parser.parse_args(arguments)
    stock, channel = words.stock(), get_connection()
    channel.open()
    for number in range(WARM_UP):
        channel.send_messages([letter(number, stock)])
    wait_for_the_word(given.go)
    began, worked = time.time(), time.process_time()
    for number in range(given.count):
        channel.send_messages([letter(number, stock)])
    used = time.process_time() - worked
    print(json.dumps({"began": began, "ended": time.time(), "cpu": used, "count": given.count, "warmed": WARM_UP}))
    channel.close()
