"""For machines that watch the site itself. Without a slash at the end, as such programs expect these names."""

from django.urls import path

from dashboard.operations import health, metrics

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("metrics", metrics.metrics, name="metrics"),
]
