"""The app."""

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "dashboard.releases"
    label = "releases"
