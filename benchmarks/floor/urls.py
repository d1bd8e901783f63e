"""Three addresses."""

from django.urls import path

from benchmarks.floor import views

urlpatterns = [
    path("page", views.page),
    path("plain", views.plain),
    path("validated", views.validated),
]
