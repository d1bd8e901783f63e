"""Drafts: of a form that saves itself, however often the line makes it try, and of a sheet of many points."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from consultations.models import Consultation
from portal import log
from portal.models import LogEntry, User
from recommendations.actions.submissions import (
    demand_may_be_written,
    demand_may_take_part,
    draft_submission,
    revise_submission,
)
from recommendations.models import Submission
from stakeholders.models import Organisation, PublicBody

NOTED_AGAIN_AFTER = timedelta(hours=1)


@transaction.atomic
def begin_draft(
    consultation: Consultation,
    *,
    by: User,
    organisation: Organisation,
    form_key: str,
    version: int,
    kept: bool = False,
    addressees: Iterable[PublicBody] = (),
    **words: Any,
) -> Submission:
    """Begin the draft of a form, or write what the form says by now where it has begun one already.

    `kept` tells that the form's script wrote, and not yet the writer's own press of a button. Raises Refusal as
    writing does, Conflict where a colleague changed the draft meanwhile.
    """
    # Whoever sends the same form twice at once waits here: it begins one draft.
    User.objects.select_for_update().get(pk=by.pk)
    begun = Submission.objects.filter(author=by, form_key=form_key).first() if form_key else None
    if begun is None:
        keys = {"form_key": form_key, "last_form_key": form_key if kept else ""}
        return draft_submission(consultation, by=by, organisation=organisation, addressees=addressees, **keys, **words)
    demand_may_take_part(consultation, organisation, by)
    words["organisation"] = organisation
    write = keep_draft if kept else revise_submission
    return write(begun, by=by, version=version, form_key=form_key, addressees=addressees, **words)


@transaction.atomic
def draft_submissions(
    consultation: Consultation,
    *,
    by: User,
    organisation: Organisation,
    points: Iterable[Mapping[str, Any]],
    **common: Any,
) -> list[Submission]:
    """Begin a draft of each point of a sheet, all of them or none. Raises Refusal as writing one does."""
    demand_may_take_part(consultation, organisation, by)
    words = [{**point} for point in points]
    bodies = [one.pop("addressees", ()) for one in words]
    drafts = Submission.objects.bulk_create(
        Submission(consultation=consultation, organisation=organisation, author=by, **common, **one) for one in words
    )
    through = Submission.addressees.through
    through.objects.bulk_create(
        through(submission=draft, publicbody_id=body)
        for draft, named in zip(drafts, bodies, strict=True)
        for body in dict.fromkeys(named)
    )
    for draft in drafts:
        log.record("draft", draft, by=by, topic=consultation)
    return drafts


@transaction.atomic
def keep_draft(
    submission: Submission,
    *,
    by: User,
    version: int,
    form_key: str,
    addressees: Iterable[PublicBody] = (),
    **words: Any,
) -> Submission:
    """Keep what a form says by now. What says the same as before writes nothing; an hour of typing is one entry.

    Raises Refusal once it is sent in or waits for sign-off, Conflict where a colleague was faster.
    """
    submission = Submission.locked(submission.pk)
    demand_may_be_written(submission, version, form_key)
    addressees = list(addressees)
    same = set(addressees) == set(submission.addressees.all())
    if same and all(getattr(submission, name) == value for name, value in words.items()):
        return submission
    words |= {"form_key": form_key, "last_form_key": form_key, "noted": not _noted_lately(submission, by)}
    return revise_submission(submission, by=by, version=version, addressees=addressees, **words)


def _noted_lately(submission: Submission, by: User) -> bool:
    last = LogEntry.objects.filter(subject_type=submission._meta.label_lower, subject_id=submission.pk).first()
    if last is None or last.actor_id != by.pk or last.verb not in {"draft", "revise"}:
        return False
    return timezone.now() - last.at < NOTED_AGAIN_AFTER
