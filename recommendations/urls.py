"""Routes of recommendations: from submission to adoption, then from publication to progress."""

from django.urls import URLPattern, path

from recommendations.views import plenary, submissions, workspace

# --- From submission to adoption ------------------------------------------------------------------------------
to_adoption: list[URLPattern] = [
    path("submissions/", submissions.submission_list, name="submission_list"),
    path("submissions/<int:pk>/", submissions.submission_detail, name="submission_detail"),
    path("submissions/<int:pk>/edit/", submissions.submission_edit, name="submission_edit"),
    path("submissions/<int:pk>/check/", submissions.submission_check, name="submission_check"),
    path("submissions/<int:pk>/submit/", submissions.submission_submit, name="submission_submit"),
    path("submissions/<int:pk>/withdraw/", submissions.submission_withdraw, name="submission_withdraw"),
    path("submissions/<int:pk>/treat/", workspace.submission_treat, name="submission_treat"),
    path("consultations/<slug:slug>/submissions/new/", submissions.submission_create, name="submission_create"),
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

# --- From publication to progress -----------------------------------------------------------------------------
to_progress: list[URLPattern] = []

urlpatterns: list[URLPattern] = [*to_adoption, *to_progress]
