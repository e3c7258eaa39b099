"""The way in and out, one's own account, and the administrators' pages about logins."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path

from dashboard.accounts import entrance, logins, own_account, trail

urlpatterns = [
    path("entrar/", entrance.Entrance.as_view(), name="entrar"),
    path("entrar/codigo/", entrance.second_step, name="entrar-codigo"),
    # Whoever has no role may leave too.
    path("sair/", login_not_required(LogoutView.as_view()), name="sair"),
    path("conta/", own_account.account, name="conta"),
    path("conta/senha/", own_account.change_password, name="conta-senha"),
    path("conta/aparencia/", own_account.choose_appearance, name="conta-aparencia"),
    path("conta/sessoes/encerrar/", own_account.end_other_sessions, name="conta-sessoes"),
    path("conta/segundo-fator/", own_account.confirm_second_factor, name="segundo-fator"),
    path("conta/segundo-fator/novo/", own_account.begin_second_factor, name="segundo-fator-novo"),
    path("conta/segundo-fator/qr.svg", own_account.second_factor_picture, name="segundo-fator-qr"),
    path("conta/segundo-fator/desligar/", own_account.switch_off_second_factor, name="segundo-fator-desligar"),
    path("conta/segundo-fator/codigos/", own_account.make_recovery_codes, name="segundo-fator-codigos"),
    path("usuarios/", logins.everybody, name="usuarios"),
    path("usuarios/novo/", logins.new, name="usuario-novo"),
    path("usuarios/<int:user_id>/", logins.one, name="usuario"),
    path("auditoria/", trail.trail, name="auditoria"),
]
