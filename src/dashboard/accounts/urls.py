"""The way in and out, and one's own account."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

urlpatterns = [
    path("entrar/", LoginView.as_view(template_name="dashboard/login.html"), name="entrar"),
    # Whoever has no role may leave too.
    path("sair/", login_not_required(LogoutView.as_view()), name="sair"),
]
