"""The form that opens a batch of paper forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from core.models import Service
from core.permissions import scope_of
from surveys.errors import DAY_MESSAGES, BadPaperDay, WrongPlace
from surveys.models import PaperBatch, QuestionnaireVersion, ServicePoint
from surveys.permissions import BATCH_ACTIONS
from surveys.services.paper import open_batch

MOST_SHEETS = 1000


class VersionField(forms.ModelChoiceField):
    def label_from_instance(self, obj: QuestionnaireVersion) -> str:
        return f"{obj.survey.title} · {obj.number}"


class PaperBatchForm(WagtailAdminModelForm):
    """Where and when the sheets were filled in; the version is the one printed on them."""

    version = VersionField(
        QuestionnaireVersion.objects.none(),
        label=_("Printed version"),
        help_text=_("The number stands at the foot of every sheet."),
    )
    expected = forms.IntegerField(label=_("Number of sheets"), min_value=1, max_value=MOST_SHEETS)

    class Meta:
        model = PaperBatch
        fields = ["version", "point", "service", "answered_on", "expected", "check_share"]
        widgets = {"answered_on": AdminDateInput}
        help_texts = {
            "answered_on": _("One day per batch: the day the sheets were filled in."),
            "service": _("Only where neither the survey nor the service point names it."),
            "check_share": _("A second person types these sheets without seeing the first entry."),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        collects = scope_of(self.for_user).agency_q
        versions = QuestionnaireVersion.objects.filter(collects(BATCH_ACTIONS["add"], prefix="survey__agency__"))
        self.fields["version"].queryset = versions.select_related("survey__agency__region").defer("rendered")
        owned = collects(BATCH_ACTIONS["add"], prefix="agency__")
        self.fields["point"].queryset = ServicePoint.objects.filter(owned).select_related("agency")
        self.fields["service"].queryset = Service.objects.filter(owned).select_related("agency")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        version, point, service = (cleaned.get(name) for name in ("version", "point", "service"))
        if version and point and point.survey_id != version.survey_id:
            self.add_error("point", _("This service point belongs to another survey."))
        if version and service and service.agency_id != version.survey.agency_id:
            self.add_error("service", _("This service belongs to another agency than the survey."))
        return cleaned

    def _post_clean(self) -> None:
        """The batch is made by its service, which knows the days; nothing is put together here."""
        if self.errors:
            return
        try:
            self.opened = open_batch(**self.cleaned_data, actor=self.for_user, now=timezone.now())
        except BadPaperDay as error:
            self.add_error("answered_on", DAY_MESSAGES[error.fault])
        except WrongPlace:
            self.add_error(None, _("Service point, service and survey do not belong together."))

    def save(self, commit: bool = True) -> PaperBatch:
        self.instance = self.opened
        return self.opened
