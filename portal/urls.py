"""All routes. Pages carry their language in the address; machines' doors do not."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.generic import RedirectView

from portal import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("desk/", views.desk, name="desk"),
        path(
            "account/login/",
            RedirectView.as_view(
                pattern_name="account_request_login_code", query_string=True
            ),
            name="account_login",
        ),
        path("account/", include("allauth.urls")),
        path("", include("stakeholders.urls")),
        path("", include("consultations.urls")),
        path("", include("recommendations.urls")),
    ),
]
