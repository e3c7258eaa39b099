"""The app, and what it looks after when a connection opens."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "dashboard.monitoring"
    label = "monitoring"

    def ready(self) -> None:
        from django.core import checks  # noqa: PLC0415 - Django is set up only now
        from django.db.backends.signals import connection_created  # noqa: PLC0415

        from dashboard.monitoring.checks import triggers_are_there  # noqa: PLC0415
        from dashboard.monitoring.search import teach_sqlite  # noqa: PLC0415

        checks.register(triggers_are_there, checks.Tags.database)
        connection_created.connect(teach_sqlite, dispatch_uid="monitoring.search")
