"""The convenor plans: the draft and its parts, the meeting it works towards, the programme."""

from tests.journeys.convening import TITLE, TITLE_ID, Story, ahead

FIRST_DAY = 40


def drafts(story: Story) -> None:
    """The draft of a regional consultation, from the desk."""
    ratna = story.ratna
    ratna.go("/en/desk/")
    ratna.open("Schedule a consultation")
    ratna.fill(
        title_en=TITLE,
        title_ind=TITLE_ID,
        level="regional",
        form_of_dialogue="consultation",
        starts_on=ahead(FIRST_DAY),
        ends_on=ahead(FIRST_DAY + 1),
        time_zone="Asia/Jakarta",
    )
    ratna.page.get_by_label("Second convenor").select_option(label="Arun Pillai")
    ratna.send("Save the draft")
    story.picture(ratna, "01-desk-of-draft")


def says_when_and_where(story: Story) -> None:
    """Days, deadlines, place, mandate, promise, organisers, from one part to the next."""
    ratna = story.at_desk()
    ratna.open("Change the consultation")
    ratna.fill(purpose_en="One common text on fees and passports.", purpose_ind="Satu naskah bersama.")
    ratna.send("Save")
    ratna = story.at_desk()
    ratna.open("Say at what time it begins")
    ratna.fill(
        begins_at="09:00",
        ends_at="17:00",
        answer_by=ahead(FIRST_DAY - 10),
        input_opens_on=ahead(0),
        input_closes_on=ahead(FIRST_DAY - 5),
        hear_back_by=ahead(FIRST_DAY + 30),
    )
    ratna.send("Save")
    ratna.open("Say where people meet")
    ratna.fill(mode="on-site", city_en="Jakarta", city_ind="Jakarta", venue="Balai Cempaka", seats=80)
    ratna.send("Save")
    ratna.open("Name the organisers in the agreed order")
    ratna.fill(
        convening="Task Force on ASEAN Migrant Workers",
        co_organisers="Serikat Pembantu Nusantara\nLayag Network\nHRWG",
        funders="Friends of the Task Force",
    )
    story.picture(ratna, "02-organisers")
    ratna.send("Save")


def says_what_it_rests_on(story: Story) -> None:
    """The mandate and the promise; the official meeting is written down first, and the plan counts back from it."""
    ratna = story.at_desk()
    ratna.open("Official meetings")
    ratna.open("Add a meeting")
    ratna.fill(
        name_en="Senior Labour Officials Meeting",
        name_ind="Pertemuan Pejabat Senior Ketenagakerjaan",
        starts_on=ahead(FIRST_DAY + 60),
        ends_on=ahead(FIRST_DAY + 61),
        papers_by=ahead(FIRST_DAY + 40),
    )
    ratna.send("Add the meeting")
    ratna = story.at_desk()
    ratna.open("Change the consultation")
    ratna.open("What it rests on, and what is promised")
    ratna.fill(
        resting_on_en="Article 22 of the Declaration on the rights of migrant workers",
        own_promise_en="Each point you send in is answered in writing within 30 days.",
        own_promise_ind="Setiap butir dijawab tertulis dalam 30 hari.",
    )
    ratna.send("Save")
    ratna.open("Change the consultation")
    ratna.open("What it works towards, and what comes after")
    target = ratna.page.get_by_label("Meeting it works towards")
    target.select_option(index=1)
    ratna.fill(corrections_until=ahead(FIRST_DAY + 14), reminder_days="14 7 2", next_due_on=ahead(400))
    ratna.send("Save")
    story.picture(ratna, "03-desk-counts-back")


def draws_the_programme(story: Story) -> None:
    """Two sessions, the second in another zone and place, each with its agenda."""
    ratna = story.at_desk()
    ratna.open("Programme")
    ratna.open("Add a session")
    ratna.fill(title_en="Fees", title_ind="Biaya", begins="09:00", ends="12:30", venue="Balai Cempaka, hall 1")
    ratna.fill(interpreters=["id", "th"], rapporteur_name="Anis Hidayah")
    ratna.send("Add the session")
    ratna.open("Add a session")
    ratna.fill(title_en="Passports", title_ind="Paspor", day=ahead(FIRST_DAY + 1), begins="10:00", ends="13:00")
    ratna.fill(time_zone="Asia/Singapore", city_en="Singapore", city_ind="Singapura", venue="Harbour Hall")
    ratna.fill(interpreters=["id", "th", "my"])
    ratna.send("Add the session")
    for number, points in enumerate((("Who pays", "Receipts"), ("Who keeps it",))):
        for point in points:
            ratna.page.get_by_role("link", name="Add a point").nth(number).click()
            ratna.fill(title_en=point, title_ind=point)
            ratna.send("Add the point")
    story.picture(ratna, "04-programme")
    assert "10:00" in ratna.text()
