"""The addresses of design §4.5, and the way in and out."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from dashboard.monitoring import api, pages

handler500 = "dashboard.monitoring.pages.went_wrong"

urlpatterns = [
    path("", pages.panel, name="painel"),
    path("cartoes/", pages.fragment, name="cartoes"),
    path("api/status/", api.counters, name="api-status"),
    path("api/cards/", api.cards, name="api-cards"),
    path("api/executando/", api.running, name="api-executando"),
    path("entrar/", LoginView.as_view(template_name="dashboard/login.html"), name="entrar"),
    path("sair/", LogoutView.as_view(), name="sair"),
]
