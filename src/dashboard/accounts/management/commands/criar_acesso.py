"""`criar_acesso`: a person who may log in. The password comes from the environment, never from the command line."""

import os
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from dashboard.accounts import lockout, people, second_factor, sessions
from dashboard.accounts.audit import Action, record
from dashboard.accounts.roles import Role, give
from dashboard.command_line import SiteCommand

PASSWORD = "TOPBACKUP_DASHBOARD_PASSWORD"  # noqa: S105 - the variable's name


class Command(SiteCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = _("The password is read from %(variable)s.") % {"variable": PASSWORD}
        parser.add_argument("--username", required=True, metavar=_("NAME"), help=_("with which one logs in"))
        parser.add_argument(
            "--papel", choices=[role.value for role in Role], default=Role.ADMIN.value, help=_("what the person may do")
        )
        parser.add_argument(
            "--sem-segundo-fator",
            action="store_true",
            help=_("for who lost both the telephone and the recovery codes"),
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        with transaction.atomic():
            self._create(**options)

    def _create(
        self,
        *,
        username: str,
        papel: str = Role.ADMIN.value,
        sem_segundo_fator: bool = False,
        **_options: Any,
    ) -> None:
        password = os.environ.get(PASSWORD, "")
        if not password:
            raise CommandError(
                _("%(variable)s: set it to the password of %(user)s") % {"variable": PASSWORD, "user": username}
            )
        users = get_user_model()
        user = users.objects.filter(username=username).first() or users(username=username)
        try:
            user.clean_fields(exclude=["password"])
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(f"{PASSWORD}: {' '.join(error.messages)}") from None
        created = user.pk is None
        if not created and Role(papel) is not Role.ADMIN:
            try:
                people.require_another_administrator(user)
            except people.LastAdministrator:
                raise CommandError(_("%(user)s is the last active administrator.") % {"user": username}) from None
        user.set_password(password)
        user.is_active = True
        user.save()
        give(user, Role(papel))
        sessions.end_all(user)
        lockout.unlock(username)
        if sem_segundo_fator:
            second_factor.switch_off(user, by=None)
        record(None, Action.LOGIN_CREATED if created else Action.PASSWORD_CHANGED, username, papel)
        done = _("created") if created else _("new password")
        self.stdout.write(f"{username}: {done}")
