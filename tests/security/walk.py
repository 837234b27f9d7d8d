"""The addresses of the staff screens, taken from the URL table, and a row of every kind that must stay hidden."""

import json
import re
from datetime import UTC, datetime

from django.core.files.base import ContentFile
from django.urls import URLResolver, get_resolver
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection

from cms.models import InformationPage
from core.periods import period_from_key
from core.permissions import Role
from core.sealing import seal
from surveys.models import (
    Device,
    DeviceRefusal,
    Instrument,
    InstrumentVersion,
    PaperBatch,
    PublishedIndex,
    Response,
    ServicePoint,
    SurveyTarget,
)
from surveys.selectors.freezing import frozen_content
from surveys.selectors.results import ResultSubject
from tests.cms.factories import add_page, make_section
from tests.factories import ServiceFactory, StaffFactory
from tests.surveys.factories import NOON, SurveyFactory, answer, make_point
from tests.workflows.factories import make_receipt
from workflows.models import (
    Category,
    CategoryVersion,
    Gateway,
    HeldEntry,
    InboundMessage,
    Leg,
    RetentionRule,
    RoutingRules,
)

# Everything hidden is found by the first word and betrayed by the second; a search box repeats only the first.
# Every hidden row has the same number, whatever its kind.
WORD, BETRAYED, NUMBER = "Kerahasiaanku", "Bocorlah", 987654
TITLE = f"{WORD} {BETRAYED}"
# Everything else that addresses ask for; a parameter that is neither a number nor here fails the walk.
VALUES = {
    "action": "delete",
    "action_name": "copy",
    "app_label": "wagtailcore",
    "app_name": "cms",
    "code": "complaint_received",
    "content_type_app_name": "cms",
    "content_type_model_name": "informationpage",
    "filter_spec": "original",
    "kind": "csv",
    "model_name": "page",
    "move": "verify",
    "object_id": str(NUMBER),
    "pk": str(NUMBER),
    "revision_id_a": "earliest",
    "revision_id_b": "latest",
    "token": "x-x",
    "uidb64": "eA",
}
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
# Wagtail's own, with nothing of ours: a deliberate error, signing out, sign-in pages, all closed or redirected.
LEFT_OUT = ("admin/failwhale/", "admin/test404/", "admin/logout/", "admin/^.*/$", "admin/jsi18n/", "admin/sprite/")


def staff_addresses(reference):
    """Every address under the admin with the hidden row's number; ``id`` and ``q`` ask for it too."""
    routes = dict.fromkeys(route for route in _routes() if route.startswith("admin/") and route not in LEFT_OUT)
    return [f"/{_filled(route, reference)}?id={NUMBER}&q={WORD}" for route in routes]


def _routes(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _routes(entry, route)
        else:
            yield route


def _filled(route, reference):
    def value(found):
        converter, name, regex_name = found.groups()
        if name == "reference":
            return reference
        return str(NUMBER) if converter == "int" else VALUES[name or regex_name]

    plain = PARAMETER.sub(value, route).replace(r"\.", ".")
    return plain.replace("^", "").replace("$", "")


def hide(agency):
    """A draft, a survey with an answer, a point, paper, an instrument, a photo, a document, a person and a case."""
    collection = agency.collection or Collection.get_first_root_node().add_child(name=agency.short_name)
    add_page(make_section(agency), InformationPage(pk=NUMBER, title=TITLE, slug="draf", live=False))
    survey = SurveyFactory(pk=NUMBER, title=TITLE, agency=agency)
    point = make_point(survey, name=TITLE)
    Response.objects.filter(pk=answer(survey, extra={"comment": [TITLE]}).pk).update(id=NUMBER)
    ServicePoint.objects.filter(pk=point.pk).update(id=NUMBER)
    _hide_device()
    _hide_paper(survey)
    _hide_instrument(agency.region)
    Image.objects.create(pk=NUMBER, title=TITLE, file=get_test_image_file(), collection=collection)
    Document.objects.create(pk=NUMBER, title=TITLE, file=ContentFile(b"isi", name="surat.pdf"), collection=collection)
    StaffFactory(pk=NUMBER, username="tersembunyi", name=TITLE, agency=agency, grants=[(Role.LIAISON, agency)])
    case = make_receipt(agency.region, title=f"Tentang {TITLE}", body=f"Isi laporan {TITLE} yang panjang.").complaint
    Leg.objects.create(complaint=case, agency=agency, forwarded_at=case.received_at)
    _hide_intake(agency)
    hide_result(agency)
    return case.reference


def _hide_device():
    """A kiosk at the hidden point, and an answer it could not hand in."""
    device = Device.objects.create(pk=NUMBER, service_point_id=NUMBER, name=TITLE, revoked_at=NOON)
    DeviceRefusal.objects.create(device=device, key="x", reason="shape", payload=TITLE, received_at=NOON)


def _hide_intake(agency):
    """An entry dated back, a message the desk must look at; and of another region its rules, topics and gateways."""
    region, person = agency.region, StaffFactory(username="pencatat")
    sealed = seal(json.dumps({"token": "x", "draft": {"title": TITLE, "body": TITLE}}))
    moments = {"received_at": NOON, "entered_at": NOON, "entered_by": person}
    HeldEntry.objects.create(
        pk=NUMBER, region=region, agency=agency, channel="letter", reason=TITLE, payload_sealed=sealed, **moments
    )
    if region.code == "35.26":
        return
    words = {"title": TITLE, "text": TITLE, "sender": "a@b.example", "channel": "email", "identity": [TITLE, "", ""]}
    words = seal(json.dumps({**words, "reference": ""}))
    held = {"source": "mail", "external_hash": "x", "received_at": NOON, "outcome": "held", "content_sealed": words}
    InboundMessage.objects.create(pk=NUMBER, region=region, **held)
    rules = [{"agency": agency.pk, "words": [TITLE.lower(), BETRAYED]}]
    by = {"made_by": person, "made_at": NOON, "published_by": person, "published_at": NOON}
    RoutingRules.objects.create(pk=NUMBER, region=region, number=1, rules=rules, note=TITLE, **by)
    topic = Category.objects.create(pk=NUMBER, region=region, code="rahasia", name=TITLE)
    question = {"id": "q", "kind": "text", "label": {"id": TITLE}}
    CategoryVersion.objects.create(category=topic, number=1, questions=[question], published_at=NOON)
    RetentionRule.objects.create(pk=NUMBER, region=region, days=30, category=topic)
    Gateway.objects.create(pk=NUMBER, region=region, slug="rahasia", name=TITLE, kind="sms", secret_sealed=seal("x"))


def hide_result(agency):
    """A published result and the target of a service that bears the hidden name."""
    # Internal: what the public is served may be named by every desk.
    service = ServiceFactory(agency=agency, name=TITLE, audience="internal")
    subject, period = ResultSubject.of(service), period_from_key("2024Q2")
    row = {"agency": agency, "service": service, "period": period.key}
    SurveyTarget.objects.create(pk=NUMBER, population=100, **row)
    PublishedIndex.objects.create(
        pk=NUMBER,
        region=agency.region,
        subject=subject.key,
        start=period.start,
        end=period.end,
        n=10,
        index="75.00",
        grade="C",
        content=frozen_content(subject, period),
        published_at=datetime(2024, 7, 2, 3, tzinfo=UTC),
        published_by=StaffFactory(username="penerbit"),
        **row,
    )


def _hide_instrument(region):
    """One of another region's own; those of the own region are meant to be read."""
    if region.code != "35.26":
        own = Instrument.objects.create(pk=NUMBER, code="rahasia", name=TITLE, region=region)
        values = {"regulation": "Perbup", "year": 2024, "code": "rahasia-1", "name": TITLE}
        InstrumentVersion.objects.create(pk=NUMBER, instrument=own, region=region, **values)


def _hide_paper(survey):
    """A batch with one sheet that was typed."""
    day = survey.current_version.published_at.date()
    batch = PaperBatch.objects.create(
        pk=NUMBER,
        agency=survey.agency,
        survey=survey,
        version=survey.current_version,
        answered_on=day,
        expected=1,
        created_at=survey.current_version.published_at,
    )
    batch.sheets.create(number=NUMBER, first={"comment": [TITLE]}, first_at=batch.created_at)
