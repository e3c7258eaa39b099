"""The addresses of this room."""

from django.urls import path

from dashboard.alerts import pages

urlpatterns = [
    path("alertas/", pages.overview, name="alertas"),
    path("alertas/grupo/", pages.companies, name="alertas-grupo"),
    path("alertas/ciente/", pages.know, name="alertas-ciente"),
    path("alertas/reabrir/", pages.open_again, name="alertas-reabrir"),
]
