"""Where one app's page leads into another's: from a page to the survey about it."""

from django import template
from django.urls import reverse

from core.models import Agency, Service
from surveys.models import Survey

register = template.Library()


@register.simple_tag
def rate_service_url(service: Service | None) -> str:
    """The open survey about this service, else its agency's general one with the service chosen; else empty."""
    if service is None:
        return ""
    surveys = Survey.objects.open().filter(agency_id=service.agency_id, audience=service.audience)
    by_service = {survey.service_id: survey for survey in surveys.only("slug", "service_id")}
    if own := by_service.get(service.pk):
        return reverse("surveys:form", args=[own.slug])
    if general := by_service.get(None):
        return reverse("surveys:form", args=[general.slug]) + f"?layanan={service.code}"
    return ""


@register.simple_tag
def rate_agency_url(agency: Agency | None) -> str:
    """The open survey about the whole agency; empty when there is none."""
    if agency is None:
        return ""
    surveys = Survey.objects.open().filter(agency=agency, service=None, audience=Service.Audience.PUBLIC)
    survey = surveys.only("slug").first()
    return reverse("surveys:form", args=[survey.slug]) if survey else ""
