"""Every address of the site, room by room."""

from django.urls import include, path

handler400 = "dashboard.monitoring.troubles.not_understood"
handler404 = "dashboard.monitoring.troubles.not_there"
handler500 = "dashboard.monitoring.troubles.went_wrong"

urlpatterns = [
    path("", include("dashboard.monitoring.urls")),
    path("", include("dashboard.companies.urls")),
    path("", include("dashboard.alerts.urls")),
    path("", include("dashboard.reports.urls")),
    path("", include("dashboard.releases.urls")),
    path("", include("dashboard.accounts.urls")),
    path("", include("dashboard.operations.urls")),
]
