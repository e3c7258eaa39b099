"""What a person says when they acknowledge alerts, checked."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from dashboard.alerts.acknowledgements import Decision
from dashboard.alerts.models import LONGEST_COMMENT
from dashboard.monitoring.wall_time import CLOUD_ZONE

LONGEST_SILENCE = timedelta(days=30)


class DecisionForm(forms.Form):
    """now: aware; the day of a silence is counted from it, in the cloud's zone."""

    comentario = forms.CharField(
        max_length=LONGEST_COMMENT,
        error_messages={"required": _("Say what you know or what was arranged.")},
    )
    silencio_ate = forms.DateField(
        required=False, input_formats=["%Y-%m-%d", "%d/%m/%Y"], error_messages={"invalid": _("Not a date.")}
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.earliest = localtime(now, CLOUD_ZONE).date()
        self.latest = self.earliest + LONGEST_SILENCE

    def clean_silencio_ate(self) -> date | None:
        day: date | None = self.cleaned_data["silencio_ate"]
        if day is not None and not self.earliest <= day <= self.latest:
            raise forms.ValidationError(_("Choose a day from today to thirty days from now."))
        return day

    def decision(self) -> Decision:
        """Silence lasts to the end of the day that was named."""
        day = self.cleaned_data["silencio_ate"]
        until = datetime.combine(day, time(23, 59, 59), tzinfo=CLOUD_ZONE) if day else None
        return Decision(self.cleaned_data["comentario"], until)
