"""Answers come, through links on telephones without script and by call; the days are moved; the silent are reminded."""

from collections import Counter

from tests.browser.driving import Visitor
from tests.journeys import post
from tests.journeys.convening import Story, today
from tests.journeys.one_invites import BODIES, EXPERT, INVITED, calendar_entries
from tests.journeys.register import GUESTS

BY_SLUG = {guest.slug: guest for guest in GUESTS}
DECLINED = "hlaing"
BY_LINK = ("spn", "harbour")
REASON = "The teachers have examinations in that week."


def invited_answer(story: Story) -> None:
    """On telephones without script: yes with names and needs; yes, names later; not sure; no with a reason."""
    first = opens_link(story, BY_SLUG["spn"].address)
    first.fill(answer="yes", seats=3, need_interpretation="id", need_diet="No pork")
    first.fill(**{f"who-{n}-full_name": name for n, name in enumerate(BY_SLUG["spn"].people)})
    story.picture(first, "12-answer-360")
    first.send("Kirim jawaban")
    story.picture(first, "13-receipt-360")
    first.leave()
    second = opens_link(story, BY_SLUG["harbour"].address)
    second.fill(answer="yes", seats=3)
    second.send("Send the answer")
    second.open("Name those who come")
    for name in BY_SLUG["harbour"].people[:2]:
        second.fill(full_name=name)
        second.send("Note the name")
    story.picture(second, "14-delegates-360")
    second.leave()
    for slug, said in (("mekong", {"answer": "maybe"}), (DECLINED, {"answer": "no", "note": REASON})):
        other = opens_link(story, BY_SLUG[slug].address)
        other.fill(**said)
        other.press()
        other.leave()


def opens_link(story: Story, address: str, number: int = 0) -> Visitor:
    """Somebody opens the link of a mail on a small telephone that runs no scripts."""
    guest = story.visitor(script=False)
    guest.go(post.link(post.to(story.site, address)[number], "/i/"))
    return guest


def convenor_notes_a_call(story: Story) -> None:
    """One call, with what they need: from the list of invitations."""
    ratna = story.at_desk()
    ratna.open("Invitations")
    ratna.open("Note an answer", "Jejak Pulang")
    ratna.fill(channel="phone", answer="yes", seats=3, need_access="A ramp")
    ratna.fill(**{f"who-{n}-full_name": name for n, name in enumerate(BY_SLUG["jejak"].people)})
    ratna.send("Note the answer")
    story.picture(ratna, "15-outbox")
    ratna = story.at_desk()
    ratna.open("Who comes and what they need")
    assert "A ramp" in ratna.text()
    assert "No pork" in ratna.text()
    story.picture(ratna, "16-who-comes")


def moves_the_days(story: Story) -> None:
    """It is moved to today: all are told once, calendars follow, who had agreed is asked again."""
    ratna = story.at_desk()
    ratna.open("Move")
    ratna.fill(
        starts_on=today(),
        ends_on=today(),
        answer_by=today(),
        input_closes_on=today(),
        moved_because_en="The labour officials meet earlier.",
        moved_because_ind="Para pejabat bertemu lebih awal.",
    )
    second = ratna.page.locator("details", has_text="Passports")
    second.locator("summary").click()
    second.get_by_label("Day", exact=True).fill(f"{today()}")
    story.picture(ratna, "17-move")
    ratna.send(f"Move and tell {len(INVITED)}")
    # Also who declined: another day may suit.
    moved = {address: post.next_one(story.site, address, 1) for address in INVITED}
    for address, mail in moved.items():
        before, after = calendar_entries(post.to(story.site, address)[0]), calendar_entries(mail)
        assert before.keys() == after.keys()
        assert all(after[uid] > before[uid] for uid in after)
    ratna.open("Invitations")
    assert ratna.text().count("to be confirmed again") >= 3
    story.picture(ratna, "18-to-reconfirm")


def reminds(story: Story) -> None:
    """Exactly those who have not said anything that holds get a reminder, once."""
    ratna = story.at_desk()
    ratna.follow(ratna.page.get_by_role("link", name="have not answered: remind"))
    story.picture(ratna, "19-remind")
    ratna.send("Send the reminders")
    quiet = {BY_SLUG[slug].address for slug in ("mekong", DECLINED)}
    for address in INVITED.keys() - quiet:
        post.next_one(story.site, address, 2)
    counts = Counter({address: len(post.to(story.site, address)) for address in INVITED})
    assert counts == Counter({**dict.fromkeys(INVITED, 3), **dict.fromkeys(quiet, 2)})


def answers_again(story: Story) -> None:
    """Who had agreed confirms through the new link; the rest tell the convenor, who notes all calls on one page."""
    first = opens_link(story, BY_SLUG["spn"].address, 1)
    first.fill(answer="yes", seats=3)
    first.press()
    first.leave()
    ratna = story.at_desk()
    ratna.open("Invitations")
    ratna.open("Note answers")
    ratna.fill(channel="phone", listing="name")
    for guest in GUESTS:
        if guest.slug not in {"spn", DECLINED, "brunei"}:
            line = ratna.page.get_by_role("group", name=guest.name)
            line.get_by_label("Answer", exact=False).select_option("yes")
            if guest.slug not in {"jejak", "harbour"}:
                line.get_by_label("Who comes").fill("\n".join(guest.people))
    line = ratna.page.get_by_role("group", name="Brunei Care Circle")
    line.get_by_label("Answer", exact=False).select_option("no")
    story.picture(ratna, "20-note-answers")
    ratna.send("Note these answers")
    assert "24 answers are noted" in ratna.text()


def officials_answer(story: Story) -> None:
    """Both offices answer by letter, with who comes and in which office; the expert says yes."""
    ratna = story.ratna
    ratna.fill(channel="letter")
    for name, people in zip(BODIES, ("Budi Santoso\nEndah Lestari", "Liew Chin"), strict=True):
        line = ratna.page.get_by_role("group", name=name)
        line.get_by_label("Answer", exact=False).select_option("yes")
        line.get_by_label("Who comes").fill(people)
    line = ratna.page.get_by_role("group", name=EXPERT)
    line.get_by_label("Answer", exact=False).select_option("yes")
    line.get_by_label("Who comes").fill(EXPERT)
    ratna.send("Note these answers")
    assert "No answer is awaited" in ratna.text()
    ratna = story.at_desk()
    story.picture(ratna, "21-desk-answered")
