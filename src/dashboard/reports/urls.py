"""The addresses of this room."""

from django.urls import path

from dashboard.reports import pages

urlpatterns = [
    path("relatorios/", pages.overview, name="relatorios"),
    path("relatorios/csv/", pages.table, name="relatorios-csv"),
    path("relatorios/empresa/<int:company_id>/", pages.company_document, name="relatorios-pdf"),
]
