"""Every address of the site, room by room."""

from django.urls import include, path

handler500 = "dashboard.monitoring.pages.went_wrong"

urlpatterns = [
    path("", include("dashboard.monitoring.urls")),
    path("", include("dashboard.companies.urls")),
    path("", include("dashboard.alerts.urls")),
    path("", include("dashboard.reports.urls")),
    path("", include("dashboard.releases.urls")),
    path("", include("dashboard.accounts.urls")),
    path("", include("dashboard.operations.urls")),
]
