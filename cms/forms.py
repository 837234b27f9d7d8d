"""Edit forms of pages that ask for more than their own fields."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from core.models import Agency, Service


def service_refusal(service: Service, agency: Agency) -> str:
    """Why a page in this agency's section may not show the service; empty when it may."""
    if agency.covers(service.agency):
        return ""
    return _("This service belongs to another agency.")


class ServicePageForm(WagtailAdminPageForm):
    """Choose a service of the own agency, or name a new one that is created with the page."""

    new_service_name = forms.CharField(
        label=_("Name of a new service"),
        max_length=200,
        required=False,
        help_text=_("Only when it is not in the list."),
    )
    new_service_code = forms.SlugField(
        label=_("Code of the new service"),
        max_length=40,
        required=False,
        help_text=_("Short, without spaces; it stays the same when the name changes."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.section_agency = self._section_agency()
        if "service" in self.fields:
            self.fields["service"].queryset = self._services()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._check_service(cleaned)
        return cleaned

    def save(self, commit: bool = True) -> Any:
        if self.cleaned_data.get("new_service_name"):
            self.instance.service = Service.objects.create(
                agency=self.section_agency,
                name=self.cleaned_data["new_service_name"],
                code=self.cleaned_data["new_service_code"],
            )
        return super().save(commit=commit)

    def _section_agency(self) -> Agency | None:
        parent = self.parent_page.specific if self.parent_page else None
        return getattr(parent, "agency", None)

    def _services(self):
        if self.section_agency is None:
            return Service.objects.none()
        own = Service.objects.filter(agency__path__startswith=self.section_agency.path)
        return own.select_related("agency").order_by("agency__name", "name")

    def _check_service(self, cleaned: dict[str, Any]) -> None:
        name, code = cleaned.get("new_service_name"), cleaned.get("new_service_code")
        if not name and not code:
            return
        if cleaned.get("service"):
            self.add_error("new_service_name", _("Choose a service or type a new one, not both."))
        elif not (name and code):
            self.add_error(
                "new_service_name" if code else "new_service_code",
                _("A new service needs a name and a code."),
            )
        elif Service.objects.filter(agency=self.section_agency, code=code).exists():
            self.add_error(
                "new_service_code",
                ValidationError(_("The agency already has a service with this code.")),
            )
