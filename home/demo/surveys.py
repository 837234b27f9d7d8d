"""The demo region's surveys: live ones with service points, and two imported files of real forms.

Answers of the live surveys are made up and marked as demo; the imported ones are real and anonymous.
"""

import json
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from django.conf import settings
from wagtail.models import Page

from cms.models import AgencyPage
from core.models import Agency, Region, Service
from surveys.importing import DAY, ColumnMap
from surveys.models import InstrumentVersion, Survey, SurveyPage
from surveys.services.imports import import_responses
from surveys.services.points import create_point
from surveys.services.publishing import close_survey, publish_questionnaire

LIVE_SLUG = "survei"
LIVE_TITLE = "Survei Kepuasan Masyarakat"


def _texts() -> dict[str, Any]:
    text = Path(settings.FIXTURES_ROOT, "demo_surveys.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def load_surveys(region: Region, now: datetime) -> list[Survey]:
    """Publish the live surveys with their services and points, then import the real forms; safe to repeat."""
    texts = _texts()
    for row in texts["imported"]:
        _imported(region, row, now)
    return [_live(region, row, now) for row in texts["live"]]


def weights() -> dict[str, int]:
    """Relative share of made-up answers by agency code."""
    return {row["agency"]: row["weight"] for row in _texts()["live"]}


def few_answers() -> dict[str, int]:
    """Agencies kept below ten answers on purpose, with the number they get."""
    return {row["agency"]: row["few"] for row in _texts()["live"] if "few" in row}


def _live(region: Region, row: dict[str, Any], now: datetime) -> Survey:
    agency = Agency.objects.get(region=region, code=row["agency"])
    services = {item["code"]: _service(agency, **item) for item in row["services"]}
    page = _page(agency, slug=LIVE_SLUG, title=f"{LIVE_TITLE} {agency.short_name}", instrument="skm-2017", now=now)
    for point in row["points"]:
        if not page.survey.service_points.filter(name=point["name"]).exists():
            create_point(
                survey=page.survey,
                name=point["name"],
                kind=point["kind"],
                service=services.get(point.get("service", "")),
            )
    return page.survey


def _service(agency: Agency, *, code: str, name: str) -> Service:
    service, _created = Service.objects.get_or_create(
        agency=agency, code=code, defaults={"name": name, "is_demo": True}
    )
    return service


def _page(agency: Agency, *, slug: str, title: str, instrument: str, now: datetime) -> SurveyPage:
    section = AgencyPage.objects.get(agency=agency)
    page = SurveyPage.objects.child_of(section).filter(slug=slug).first()
    if page is None:
        page = SurveyPage(
            title=title,
            slug=slug,
            instrument_version=InstrumentVersion.objects.get(code=instrument),
            intro="Penilaian Anda membantu kami memperbaiki layanan. Tanpa nama, dan langsung dihitung.",
            intro_en="Your rating helps us improve. It asks for no name and counts at once.",
        )
        # Fetched again: treebeard keeps the number of children on the instance, which grows stale.
        Page.objects.get(pk=section.pk).add_child(instance=page)
        page.save_revision().publish()
        page.refresh_from_db()
    if page.survey is None:
        publish_questionnaire(page=page, now=now)
        page.refresh_from_db()
    return page


def _imported(region: Region, row: dict[str, Any], now: datetime) -> None:
    agency = Agency.objects.get(region=region, code=row["agency"])
    page = _page(agency, slug=row["slug"], title=row["title"], instrument=row["instrument"], now=now)
    if page.survey.responses.exists():
        return
    content = Path(settings.FIXTURES_ROOT, row["file"]).read_bytes()
    names = ColumnMap(defaults={DAY: row["date"]} if "date" in row else {})
    report = import_responses(survey=page.survey, content=content, names=names, now=now)
    if report.refusals:
        raise ValueError(report.refusals[:3])
    page.unpublish()
    close_survey(page=page, now=now)


def demo_years(now: datetime) -> tuple[datetime, datetime]:
    """The half-open span of made-up answers: the current calendar year and the one before, up to now."""
    return datetime.combine(now.date().replace(year=now.year - 1, month=1, day=1), time(), UTC), now
