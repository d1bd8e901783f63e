"""Who may see each field of each table, in one place. A field without a class fails the build.

P0 public · P1 members · P2 participants of one consultation, or the people concerned · P3 safety-critical: a named
person, a contact, an attendance, the link of a text to a protected organisation. The class says the most that may be
shown; what an organisation or a person chose can only narrow it.
"""

_BY_MODEL = {
    "portal.user": {
        "P0": "",
        "P2": "language time_zone is_active is_staff is_superuser joined_at last_login groups user_permissions "
        "deleted_at wants_digest digest_sent_at",
        "P3": "email full_name password",
    },
    "portal.loghead": {"P0": "number at", "P2": "digest"},
    "portal.logentry": {
        "P2": "number at verb subject_type subject_id topic detail previous digest",
        "P3": "actor",
    },
    "portal.outgoingmessage": {
        "P2": "created_at updated_at purpose subject_id version topic language time_zone state attempts next_try_at "
        "lease leased_until sent_at last_error",
        "P3": "recipient recipient_key user payload",
    },
    "portal.mailbreaker": {"P2": "failures open_until reason"},
    "portal.blockedaddress": {"P2": "reason notices_only at", "P3": "key"},
    "portal.onetimekey": {"P3": "key result used_at"},
    "stakeholders.country": {"P0": "name own_name member_since languages time_zone row column"},
    "stakeholders.stakeholdergroup": {"P0": "slug name description withheld_name hearing bench position"},
    "stakeholders.publicbody": {
        "P0": "slug name acronym kind country matter reports_to successor since until note",
        "P2": "version",
    },
    "stakeholders.organisation": {
        # Public only when the organisation chose to be; see Organisation.shown_name.
        "P0": "name acronym other_names slug groups country countries level side language languages illustrative state "
        "website introduction speaks_for_omitted merged_into",
        "P2": "created_at updated_at visibility limb evidence decided_on name_key registration terms terms_accepted_at "
        "applied_at sign_off conflict retest_on version",
        "P3": "contact_email contact_name contact_phone trusted_contact applicant decided_by",
    },
    "stakeholders.organisationname": {"P0": "organisation kind language text key skeleton"},
    "stakeholders.trait": {"P0": "organisation kind code reach"},
    # A tie is shown where both ends are.
    "stakeholders.organisationlink": {"P0": "organisation kind other other_name"},
    "stakeholders.decision": {
        "P2": "organisation verdict limb conflict evidence reasons retest_on at",
        "P3": "by",
    },
    "stakeholders.appeal": {"P2": "decision text at", "P3": "by"},
    "stakeholders.termsofreference": {"P0": "number title text since"},
    "stakeholders.listimport": {
        "P2": "created_at updated_at state total done counts problem claimed_until ended_at",
        "P3": "by file file_name layout mapping options",
    },
    "stakeholders.importrow": {"P2": "run number verdict", "P3": "cells values notes organisation"},
    "stakeholders.membership": {"P3": "created_at updated_at since until organisation user role mandate state by"},
    "stakeholders.convenorship": {"P2": "created_at updated_at since until role", "P3": "user"},
    "stakeholders.liaisonappointment": {"P2": "created_at updated_at since until body state", "P3": "user by"},
    "consultations.consultation": {
        # Public once announced, and not discreet.
        "P0": "created_at updated_at slug title official_title purpose outcome state level country form_of_dialogue "
        "mode city starts_on ends_on begins_at ends_at time_zone answer_by input_opens input_closes hear_back_by "
        "declared_participants declared_organisations source illustrative concluded_at corrections_until own_promise "
        "resting_on target follows next_due_on moved_at moved_because cancelled_at cancelled_because",
        "P2": "venue seats discreet uid sequence version reminder_days",
        "P3": "convenors",
    },
    "consultations.officialmeeting": {
        "P0": "name body country city starts_on ends_on papers_by source",
        "P2": "version",
    },
    "consultations.organiser": {"P0": "consultation organisation name kind position"},
    "consultations.invitation": {
        "P2": "created_at updated_at consultation state seats_offered seats_accepted language expires_at sent_at "
        "answered_at reminded_at reminders way bench waiting_since waiting_seats offered_until",
        "P3": "organisation body full_name office reference address nonce token_hash",
    },
    "consultations.answer": {"P2": "invitation verb seats channel at", "P3": "delegates needs note by"},
    "consultations.need": {"P2": "invitation kind", "P3": "language detail"},
    "consultations.seatrequest": {
        "P2": "consultation invitation state language asked_at settled_at",
        "P3": "full_name organisation_name email reason by",
    },
    "consultations.session": {
        # Public where the consultation is; the way in and what was said there are not.
        "P0": "consultation position title starts_at ends_at time_zone mode country city interpreters closed",
        "P2": "venue call_link output output_at uid version",
        "P3": "rapporteur rapporteur_name",
    },
    "consultations.agendaitem": {"P0": "session position title", "P2": "minutes version"},
    "consultations.paper": {
        # Public where the convenors say so.
        "P2": "consultation session title language file kind size digest public at",
        "P3": "by",
    },
    "consultations.seatquota": {"P2": "consultation group bench seats"},
    "consultations.seat": {
        "P2": "created_at updated_at consultation invitation state bench mandate part mode listing walk_in",
        "P3": "organisation body full_name user email office replaces code person_key arrived_at name_key",
    },
    "consultations.presence": {"P2": "session at", "P3": "seat by key"},
    "consultations.minutes": {
        "P2": "created_at updated_at consultation state corrections_until circulated_at approved_at locked_at",
    },
    "consultations.correction": {"P2": "minutes item text outcome reason at", "P3": "organisation by"},
    "consultations.wording": {"P2": "consultation kind language subject body version"},
    "consultations.followup": {"P0": "consultation due_on text done_at", "P2": "version", "P3": "by"},
    "recommendations.theme": {"P0": "slug name position"},
    "recommendations.submission": {
        "P2": "created_at updated_at consultation kind section addressees theme text reason language attribution state "
        "treatment treatment_reason submitted_at version returned_because instrument paragraph concerned late joint",
        "P3": "organisation author form_key last_form_key",
    },
    "recommendations.latecode": {"P2": "consultation until at revoked_at", "P3": "organisation code_hash reason by"},
    "recommendations.earlierwords": {"P2": "submission text reason concerned at", "P3": "by"},
    "recommendations.evidence": {"P2": "submission title file kind size digest at", "P3": "by"},
    "recommendations.cosubmitter": {
        "P2": "submission state attribution asked_version agreed_version at",
        "P3": "organisation by",
    },
    "recommendations.statement": {
        # Public once published.
        "P0": "created_at updated_at consultation slug title official_title preamble note state prevailing_language "
        "current_edition illustrative more_texts",
        "P2": "version",
    },
    "recommendations.recommendation": {
        "P2": "created_at updated_at statement section position text theme addressees state flagged version "
        "submissions joined_into more_texts",
    },
    "recommendations.source": {"P2": "recommendation evidence withdrawn", "P3": "submission"},
    "recommendations.grouping": {
        "P2": "created_at updated_at consultation asked_at finished_at claimed_until total done failed",
        "P3": "by",
    },
    "recommendations.likegroup": {"P2": "created_at updated_at consultation"},
    "recommendations.likeness": {"P2": "submission group digest"},
    "recommendations.apart": {"P2": "one other", "P3": "by"},
    "recommendations.workingtranslation": {"P2": "created_at updated_at submission language text", "P3": "by"},
    "recommendations.referral": {"P2": "submission consultation body"},
    "recommendations.revision": {"P2": "recommendation number kind section text more_texts at", "P3": "by"},
    "recommendations.bracket": {
        "P2": "created_at updated_at recommendation language chosen settled_at",
        "P3": "by settled_by",
    },
    "recommendations.rivalwording": {"P2": "bracket position text", "P3": "submissions"},
    "recommendations.fateletter": {"P2": "created_at updated_at consultation number", "P3": "organisation by"},
    "recommendations.fate": {
        "P2": "created_at updated_at letter treatment reason revisions key state wants_alone answered_at words "
        "settlement settlement_reason settled_at",
        "P3": "submission answered_by settled_by",
    },
    "recommendations.circulatedversion": {
        "P2": "created_at updated_at statement number note closes_at",
        "P3": "by",
    },
    "recommendations.circulatedtext": {"P2": "version recommendation section place texts"},
    # Whose it is: P3, and shown as the organisation may be shown.
    "recommendations.comment": {
        "P2": "created_at updated_at text language paragraph words state answer answered_at",
        "P3": "organisation by answered_by",
    },
    "recommendations.amendment": {
        "P2": "created_at updated_at text language proposal reason state answer written written_version settled_at",
        "P3": "organisation by settled_by",
    },
    "recommendations.support": {"P2": "amendment at", "P3": "organisation by"},
    "recommendations.languagestate": {
        "P2": "created_at updated_at recommendation language state source",
        "P3": "by",
    },
    "recommendations.position": {
        # Public with the adoption, the organisation as it chose to be shown.
        "P0": "statement recommendation stance text",
        "P2": "created_at updated_at",
        "P3": "organisation by carried_by",
    },
    "recommendations.plenary": {
        "P0": "created_at updated_at statement kind percent base abstentions parts quorum quorum_parts sign_on_until",
        "P2": "floor version",
        "P3": "by",
    },
    "recommendations.rollentry": {"P2": "statement present at", "P3": "organisation by"},
    "recommendations.proxy": {"P2": "statement given_at revoked_at", "P3": "giver holder by"},
    "recommendations.outcome": {
        "P2": "statement recommendation verdict figures before after note secret at",
        "P3": "by",
    },
    "recommendations.ballot": {"P2": "statement recommendation state name cast"},
    # What an organisation chose is nobody's to know, also after the count.
    "recommendations.sealedvoice": {"P2": "ballot", "P3": "organisation sealed"},
    "recommendations.openedchoice": {"P2": "ballot stance"},
    "recommendations.endorsement": {"P0": "edition given_at withdrawn_at", "P3": "organisation by"},
    "recommendations.adoption": {
        "P0": "created_at updated_at statement adopted_on place manner invited_count present_count named_adopters",
        "P3": "adopters by",
    },
    "recommendations.edition": {
        "P0": "created_at updated_at statement number canonical fingerprint adopted_on prevailing_language "
        "published_at imported",
    },
    "recommendations.item": {"P0": "edition recommendation section number text theme addressees more_texts"},
    "recommendations.corrigendum": {
        # Public once issued.
        "P0": "created_at updated_at statement corrects made state texts reason authority keeps_meaning issued_at",
        "P2": "version",
        "P3": "by confirmed_by",
    },
    "recommendations.proposal": {
        "P0": "item consultation state recommendation",
        "P2": "created_at updated_at reason",
        "P3": "by settled_by",
    },
    "recommendations.document": {"P0": "title dated edition"},
    "recommendations.trailstep": {
        "P0": "created_at updated_at statement kind happened_on actor counterpart body text evidence edition bundle",
        "P3": "by",
    },
    "recommendations.pledge": {"P0": "step who text due_on state"},
    "recommendations.conveyance": {
        "P0": "created_at updated_at edition body state channel letter reference their_reference sent_on received_on "
        "evidence acknowledged_at reply_due public",
        "P3": "by",
    },
    "recommendations.response": {
        # Public once published.
        "P0": "created_at updated_at item body conveyance kind text language until passed_to published_at",
        "P2": "version",
        "P3": "by",
    },
}

CLASSES: dict[str, dict[str, str]] = {
    model: {name: level for level, names in levels.items() for name in names.split()}
    for model, levels in _BY_MODEL.items()
}
