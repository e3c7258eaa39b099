"""The app."""

from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "dashboard.companies"
    label = "companies"
