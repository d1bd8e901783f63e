"""Routes of recommendations: from submission to adoption, then from publication to progress."""

from django.urls import URLPattern, path

from recommendations.views import (
    brackets,
    combining,
    correcting,
    drafts,
    evidence,
    fates,
    follow_up,
    grouping,
    joint,
    late,
    liaison,
    plenary,
    public,
    sheets,
    sign_off,
    submissions,
    trail,
    workspace,
)

to_adoption: list[URLPattern] = [
    path("submissions/", submissions.submission_list, name="submission_list"),
    path("submissions/<int:pk>/", submissions.submission_detail, name="submission_detail"),
    path("submissions/<int:pk>/edit/", submissions.submission_edit, name="submission_edit"),
    path("submissions/<int:pk>/keep/", drafts.submission_keep, name="submission_keep"),
    path("submissions/<int:pk>/check/", submissions.submission_check, name="submission_check"),
    path("submissions/<int:pk>/submit-late/", late.submission_submit_late, name="submission_submit_late"),
    path("submissions/<int:pk>/correct/", correcting.submission_correct, name="submission_correct"),
    path("submissions/<int:pk>/split/", correcting.submission_split, name="submission_split"),
    path("submissions/<int:pk>/evidence/new/", evidence.evidence_create, name="evidence_create"),
    path("submissions/<int:pk>/joint/", joint.submission_joint, name="submission_joint"),
    path("submissions/<int:pk>/joint/add/", joint.co_submitter_add, name="co_submitter_add"),
    path("submissions/<int:pk>/joint/ask/", joint.co_submitters_ask, name="co_submitters_ask"),
    path("evidence/<int:pk>/", evidence.evidence_file, name="evidence_file"),
    path("evidence/<int:pk>/remove/", evidence.evidence_remove, name="evidence_remove"),
    path("co-submissions/<int:pk>/", joint.co_submission_answer, name="co_submission_answer"),
    path("co-submissions/<int:pk>/remove/", joint.co_submitter_remove, name="co_submitter_remove"),
    path("consultations/<slug:slug>/late-codes/", late.late_code_list, name="late_code_list"),
    path(
        "consultations/<slug:slug>/late-codes/new/<int:organisation>/", late.late_code_create, name="late_code_create"
    ),
    path("consultations/<slug:slug>/late-codes/<int:pk>/revoke/", late.late_code_revoke, name="late_code_revoke"),
    path("submissions/<int:pk>/submit/", submissions.submission_submit, name="submission_submit"),
    path("submissions/<int:pk>/ask/", sign_off.submission_ask, name="submission_ask"),
    path("submissions/<int:pk>/return/", sign_off.submission_return, name="submission_return"),
    path("submissions/<int:pk>/withdraw/", submissions.submission_withdraw, name="submission_withdraw"),
    path("submissions/<int:pk>/treat/", workspace.submission_treat, name="submission_treat"),
    path("consultations/<slug:slug>/submissions/new/", submissions.submission_create, name="submission_create"),
    path("consultations/<slug:slug>/submissions/keep/", drafts.submission_begin, name="submission_begin"),
    path("consultations/<slug:slug>/submissions/sheet/", sheets.submission_sheet, name="submission_sheet"),
    path(
        "consultations/<slug:slug>/submissions/sheet/points/",
        sheets.submission_sheet_keep,
        name="submission_sheet_keep",
    ),
    path("consultations/<slug:slug>/workspace/", workspace.workspace, name="workspace"),
    path("consultations/<slug:slug>/workspace/start/", workspace.statement_start, name="statement_start"),
    path("consultations/<slug:slug>/workspace/merge/", workspace.submissions_merge, name="submissions_merge"),
    path("consultations/<slug:slug>/workspace/statement/", workspace.statement_edit, name="statement_edit"),
    path(
        "consultations/<slug:slug>/workspace/recommendations/<int:pk>/",
        workspace.recommendation_edit,
        name="recommendation_edit",
    ),
    path(
        "consultations/<slug:slug>/workspace/recommendations/<int:pk>/move/",
        workspace.recommendation_move,
        name="recommendation_move",
    ),
    path("consultations/<slug:slug>/workspace/sources/<int:pk>/", workspace.source_unlink, name="source_unlink"),
    path("consultations/<slug:slug>/table/", plenary.statement_table, name="statement_table"),
    path("consultations/<slug:slug>/untable/", plenary.statement_untable, name="statement_untable"),
    path("consultations/<slug:slug>/plenary/", plenary.plenary, name="plenary"),
    path("consultations/<slug:slug>/plenary/record/", plenary.position_record, name="position_record"),
    path("consultations/<slug:slug>/position/", plenary.position_take, name="position_take"),
    path("consultations/<slug:slug>/adopt/", plenary.statement_adopt, name="statement_adopt"),
    path("consultations/<slug:slug>/publish/", plenary.statement_publish, name="statement_publish"),
]

to_progress: list[URLPattern] = [
    path("statements/", public.statement_list, name="statement_list"),
    path("statements/<slug:slug>/", public.statement_detail, name="statement_detail"),
    path("statements/<slug:slug>/editions/<int:number>/", public.edition_detail, name="edition_detail"),
    path(
        "statements/<slug:slug>/editions/<int:number>/<slug:fingerprint>.json", public.edition_data, name="edition_data"
    ),
    path(
        "statements/<slug:slug>/editions/<int:number>/<slug:fingerprint>.txt", public.edition_text, name="edition_text"
    ),
    path("statements/<slug:slug>/items/<str:section>-<int:number>/", public.item_detail, name="item_detail"),
    path("statements/<slug:slug>/timeline/", public.statement_timeline, name="statement_timeline"),
    path("follow-up/", follow_up.follow_up, name="follow_up"),
    path("statements/<slug:slug>/trail/", trail.trail_desk, name="trail_desk"),
    path("statements/<slug:slug>/trail/convey/", trail.conveyance_create, name="conveyance_create"),
    path("statements/<slug:slug>/trail/pledges/<int:pk>/", trail.pledge_settle, name="pledge_settle"),
    path("statements/<slug:slug>/trail/<slug:kind>/", trail.step_create, name="step_create"),
    path("liaison/", liaison.liaison_desk, name="liaison_desk"),
    path("conveyances/<int:pk>/", liaison.conveyance_detail, name="conveyance_detail"),
    path("conveyances/<int:pk>/repeat/", trail.conveyance_repeat, name="conveyance_repeat"),
    path("conveyances/<int:pk>/receipt/", trail.conveyance_receipt, name="conveyance_receipt"),
    path("conveyances/<int:pk>/acknowledge/", liaison.conveyance_acknowledge, name="conveyance_acknowledge"),
    path("conveyances/<int:pk>/answers/", liaison.answer_sheet, name="answer_sheet"),
    path("conveyances/<int:pk>/answers/publish/", liaison.answers_publish, name="answers_publish"),
]

DESK = "consultations/<slug:slug>/workspace/"

ONE = DESK + "recommendations/<int:pk>/"

at_work: list[URLPattern] = [
    path(DESK + "group/", grouping.grouping_start, name="grouping_start"),
    path(DESK + "groups/", grouping.grouping_progress, name="grouping_progress"),
    path(DESK + "groups/<int:pk>/dissolve/", grouping.group_dissolve, name="group_dissolve"),
    path(DESK + "groups/take-out/<int:pk>/", grouping.group_take_out, name="group_take_out"),
    path("submissions/<int:pk>/translation/", grouping.submission_translate, name="submission_translate"),
    path(ONE + "sources/", combining.recommendation_detail, name="recommendation_detail"),
    path(ONE + "versions/", combining.recommendation_versions, name="recommendation_versions"),
    path(ONE + "place/", combining.recommendation_place, name="recommendation_place"),
    path(ONE + "join/", combining.recommendation_join, name="recommendation_join"),
    path(ONE + "split/", combining.recommendation_split, name="recommendation_split"),
    path(ONE + "bracket/", brackets.bracket_create, name="bracket_create"),
    path(DESK + "brackets/<int:pk>/", brackets.bracket_settle, name="bracket_settle"),
    path(DESK + "sources/add/", combining.sources_add, name="sources_add"),
    path(DESK + "sources/<int:pk>/mark/", combining.source_mark, name="source_mark"),
    path(DESK + "fates/", fates.fates_tell, name="fates_tell"),
    path(DESK + "fates/<int:pk>/", fates.fates_preview, name="fates_preview"),
    path(DESK + "objections/", fates.objection_list, name="objection_list"),
    path(DESK + "objections/<int:pk>/", fates.objection_settle, name="objection_settle"),
    path("fates/", fates.fate_list, name="fate_list"),
    path("fates/<int:pk>/", fates.fate_answer, name="fate_answer"),
]

urlpatterns: list[URLPattern] = [
    *to_adoption,
    *to_progress,
    *at_work,
]
