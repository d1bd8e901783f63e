"""Routes of recommendations: from submission to adoption, then from publication to progress."""

from django.urls import URLPattern

# --- From submission to adoption ------------------------------------------------------------------------------
to_adoption: list[URLPattern] = []

# --- From publication to progress -----------------------------------------------------------------------------
to_progress: list[URLPattern] = []

urlpatterns: list[URLPattern] = [*to_adoption, *to_progress]
