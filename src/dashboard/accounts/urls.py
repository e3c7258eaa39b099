"""The way in and out, and one's own account."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

urlpatterns = [
    path("entrar/", LoginView.as_view(template_name="dashboard/login.html"), name="entrar"),
    path("sair/", LogoutView.as_view(), name="sair"),
]
