"""The panel, and the endpoints of design §4.5."""

from django.urls import path

from dashboard.monitoring import api, pages

urlpatterns = [
    path("", pages.panel, name="painel"),
    path("cartoes/", pages.fragment, name="cartoes"),
    path("api/status/", api.counters, name="api-status"),
    path("api/cards/", api.cards, name="api-cards"),
    path("api/executando/", api.running, name="api-executando"),
    path("api/openapi.json", api.openapi, name="api-openapi"),
]
