"""The addresses of this room."""

from django.urls import URLPattern, path

from dashboard.companies import deeds, pages

urlpatterns: list[URLPattern] = [
    path("empresa/<int:company_id>/", pages.company_page, name="empresa"),
    path("empresa/<int:company_id>/historico/", pages.history_page, name="empresa-historico"),
    path("empresa/<int:company_id>/historico.csv", pages.history_csv, name="empresa-historico-csv"),
    path("empresa/<int:company_id>/anotacoes/", deeds.write_note, name="empresa-anotar"),
    path("empresa/<int:company_id>/anotacoes/<int:note_id>/riscar/", deeds.strike_note, name="empresa-riscar"),
    path("empresa/<int:company_id>/situacao/", deeds.switch, name="empresa-situacao"),
]
