"""Published results and badges in public: what is shown, to whom, at what cost."""

import json
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client

from core.periods import period_from_key
from surveys.models import PublishedIndex, Response
from surveys.selectors.freezing import content_hash
from surveys.selectors.results import ResultSubject
from surveys.services.results import correct_result, publish_result
from tests.cms.factories import make_site
from tests.factories import AgencyFactory, RegionFactory, ServiceFactory, StaffFactory
from tests.surveys.factories import SurveyFactory, answer

pytestmark = [pytest.mark.django_db, pytest.mark.portable]
NOW = datetime(2024, 7, 10, 3, tzinfo=UTC)
QUARTER = period_from_key("2024Q2")
ADDRESS = "/hasil/dpupr/2024Q2/"
PUBLISH = "/admin/published-results/publish/"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def published(agency, region, regional_admin):
    make_site(region)
    survey = SurveyFactory(agency=agency)
    for value in (3, 4) * 6:
        answer(survey, value)
    return publish_result(subject=ResultSubject.of(agency), period=QUARTER, actor=regional_admin, now=NOW)


def correct(published, actor):
    survey = published.agency.surveys.get()
    for _ in range(12):
        answer(survey, 2)
    subject = ResultSubject.of(published.agency)
    return correct_result(subject=subject, period=QUARTER, reason="Kertas <b>terlambat</b>.", actor=actor, now=NOW)


def test_a_result_shows_index_grade_n_method_and_hash(client, published):
    page = client.get(ADDRESS).content.decode()
    # Six forms of 75 and six of 100.
    assert '<span class="score__value">87,50</span>' in page
    assert "grade--b" in page
    assert published.content_hash in page
    assert "1/9" in page
    assert " style=" not in page
    assert "<script>" not in page


def test_elements_eight_and_nine_follow_the_numbering_chosen(client, published):
    def numbers(page):
        text = page.content.decode()
        return [name for name in ("8. Penanganan", "9. Penanganan", "8. Sarana", "9. Sarana") if name in text]

    assert numbers(client.get(ADDRESS)) == ["8. Penanganan", "9. Sarana"]
    assert numbers(client.get(f"{ADDRESS}?nomor=kuesioner")) == ["9. Penanganan", "8. Sarana"]


def test_a_result_costs_few_queries_and_no_answers(client, published, django_assert_max_num_queries):
    client.get(ADDRESS)
    Response.objects.all().delete()
    with django_assert_max_num_queries(4):
        assert "87,50" in client.get(ADDRESS).content.decode()


def test_an_earlier_revision_stays_and_says_what_replaced_it(client, published, regional_admin):
    correct(published, regional_admin)
    page = client.get(ADDRESS).content.decode()
    assert '<span class="score__value">68,75</span>' in page
    assert "Kertas &lt;b&gt;terlambat&lt;/b&gt;." in page
    old = client.get(f"{ADDRESS}revisi-1/").content.decode()
    assert '<span class="score__value">87,50</span>' in old
    assert "noindex" in old
    assert "notice--warn" in old
    assert client.get(f"{ADDRESS}revisi-3/").status_code == 404


@pytest.mark.parametrize(
    "address", ["/hasil/dpupr/2024Q3/", "/hasil/dinkes/2024Q2/", "/hasil/dpupr/2024Q9/", "/hasil/dpupr/irk/2024Q2/"]
)
def test_what_was_not_published_is_not_there(client, published, address):
    assert client.get(address).status_code == 404


def test_another_regions_result_is_not_on_this_site(client, published):
    elsewhere = RegionFactory(code="35.27", name="Sampang")
    make_site(elsewhere, hostname="sampang.localhost")
    assert client.get(ADDRESS, headers={"host": "sampang.localhost"}).status_code == 404


def test_the_list_names_every_valid_result_of_a_year(client, published, regional_admin, django_assert_max_num_queries):
    correct(published, regional_admin)
    client.get("/hasil/")
    with django_assert_max_num_queries(5):
        page = client.get("/hasil/").content.decode()
    assert page.count(ADDRESS) == 1
    assert "68,75" in page
    assert "87,50" not in page


def test_an_empty_list_says_so(client, region):
    make_site(region)
    assert client.get("/hasil/").status_code == 200


def test_the_content_can_be_downloaded_and_checked(client, published):
    data = json.loads(client.get(f"{ADDRESS}data.json").content)
    assert content_hash(data["content"]) == data["sha256"] == published.content_hash
    assert "Regional Admin" not in json.dumps(data)


def test_the_poster_is_one_page_of_paper(client, published):
    answer_ = client.get(f"{ADDRESS}poster.pdf")
    assert answer_["Content-Type"] == "application/pdf"
    assert answer_.content.startswith(b"%PDF")
    assert answer_.content.count(b"/Type /Page\n") + answer_.content.count(b"/Type/Page/") <= 1


def test_a_result_of_a_service_and_of_the_region_have_addresses(client, published, agency, region, regional_admin):
    service = ServiceFactory(agency=agency, code="irk")
    survey = agency.surveys.get()
    for _ in range(10):
        answer(survey, 4, service=service)
    for unit in (service, region):
        publish_result(subject=ResultSubject.of(unit), period=QUARTER, actor=regional_admin, now=NOW)
    assert "100,00" in client.get("/hasil/dpupr/irk/2024Q2/").content.decode()
    assert client.get(f"/hasil/{region.code}/2024Q2/").status_code == 200
    assert client.get(f"/hasil/{region.code}/2024Q2/poster.pdf").status_code == 200


# --- Badges ---------------------------------------------------------------------------------


def badge(client, path="/lencana/opd/dpupr.svg", **headers):
    return client.get(path, headers=headers)


def test_the_badge_shows_the_latest_published_index_with_title_and_description(client, published):
    found = badge(client)
    assert found["Content-Type"] == "image/svg+xml; charset=utf-8"
    drawing = ElementTree.fromstring(found.content)
    names = {"s": "http://www.w3.org/2000/svg"}
    assert drawing.get("role") == "img"
    title, description = drawing.find("s:title", names), drawing.find("s:desc", names)
    assert drawing.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert "Dinas Pekerjaan Umum" in title.text
    assert "87,50" in description.text
    assert "87,50" in "".join(drawing.itertext())
    assert b"<script" not in found.content


def test_a_badge_follows_a_correction(client, published, regional_admin):
    before = badge(client)["ETag"]
    correct(published, regional_admin)
    after = badge(client)
    assert after["ETag"] != before
    assert "68,75" in after.content.decode()


def test_an_unchanged_badge_is_not_sent_again(client, published):
    first = badge(client)
    assert first["Cache-Control"] == "public, max-age=600"
    again = badge(client, **{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/lencana/opd/dpupr.svg", "/lencana/opd/dpupr/", "/lencana/opd/dinkes.svg"])
def test_a_badge_reads_no_answers_and_needs_three_queries(
    client, published, other_agency, path, django_assert_max_num_queries
):
    with django_assert_max_num_queries(3) as queries:
        assert badge(client, path).status_code == 200
    assert not any("surveys_response" in query["sql"] for query in queries.captured_queries)


def test_without_a_publication_the_badge_says_that_data_is_missing(client, region, agency):
    make_site(region)
    for path in ("/lencana/opd/dpupr.svg", "/lencana/opd/dpupr/"):
        found = badge(client, path).content.decode()
        assert "0,00" not in found
        assert "grade--" not in found
        assert "Dinas Pekerjaan Umum" in found


def test_names_are_escaped_in_a_badge(client, region):
    make_site(region)
    AgencyFactory(region=region, code="nakal", name='<script>alert("x")</script> & Co')
    for path in ("/lencana/opd/nakal.svg", "/lencana/opd/nakal/"):
        assert b"<script" not in badge(client, path).content
    ElementTree.fromstring(badge(client, "/lencana/opd/nakal.svg").content)


def test_only_badges_may_be_framed_by_strangers(client, published):
    for path in ("/lencana/opd/dpupr.svg", "/lencana/opd/dpupr/"):
        found = badge(client, path)
        assert "frame-ancestors *" in found["Content-Security-Policy"]
        assert "X-Frame-Options" not in found
        assert not found.cookies
    for path in (ADDRESS, "/hasil/", "/"):
        found = client.get(path)
        assert "frame-ancestors 'self'" in found["Content-Security-Policy"]
        assert found["X-Frame-Options"] == "SAMEORIGIN"


def test_badges_for_services_and_the_region(client, published, region, agency):
    service = ServiceFactory(agency=agency, name="Izin Usaha")
    inside = ServiceFactory(agency=agency, internal=True)
    assert "Izin Usaha" in badge(client, f"/lencana/layanan/{service.pk}.svg").content.decode()
    assert badge(client, f"/lencana/wilayah/{region.code}.svg").status_code == 200
    for path in (f"layanan/{inside.pk}.svg", "layanan/0.svg", "layanan/x.svg", "opd/x.svg", "wilayah/1.svg", "x/y.svg"):
        assert badge(client, f"/lencana/{path}").status_code == 404


def test_a_theme_can_be_asked_for(client, published):
    dark = badge(client, "/lencana/opd/dpupr.svg?tema=gelap").content
    assert b"prefers-color-scheme" not in dark
    assert b"#172225" in dark
    assert badge(client, "/lencana/opd/dpupr.svg?tema=gelap")["ETag"] != badge(client)["ETag"]


# --- Staff screens ----------------------------------------------------------------------------


PREVIEW = "/admin/published-results/publish/preview/?subject=agency:{}&period=2024Q2"


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def answered(agency, region):
    make_site(region)
    survey = SurveyFactory(agency=agency)
    for _ in range(10):
        answer(survey, 3)
    return survey


def test_the_head_previews_publishes_and_copies_the_badge(agency_head, agency, answered):
    client = signed_in(agency_head)
    assert client.get("/admin/published-results/publish/").status_code == 200
    step = client.get(f"/admin/published-results/publish/?subject=agency:{agency.pk}&period=2024Q2")
    assert step["Location"] == PREVIEW.format(agency.pk)
    page = client.get(step["Location"])
    assert "75,00" in page.content.decode()
    sent = client.post(step["Location"], {"seen": page.context["draft"].content_hash})
    found = PublishedIndex.objects.get()
    assert sent["Location"] == f"/admin/published-results/inspect/{found.pk}/"
    shown = client.get(sent["Location"]).content.decode()
    assert "/lencana/opd/dpupr.svg" in shown
    assert "&lt;iframe" in shown
    assert "Dinas Pekerjaan Umum" in client.get("/admin/published-results/").content.decode()


def test_a_correction_asks_for_its_reason(agency_head, agency, answered):
    client, address = signed_in(agency_head), PREVIEW.format(agency.pk)
    client.post(address, {"seen": client.get(address).context["draft"].content_hash})
    answer(answered, 1)
    page = client.get(address)
    seen = page.context["draft"].content_hash
    client.post(address, {"seen": seen, "reason": ""})
    assert PublishedIndex.objects.count() == 1
    client.post(address, {"seen": seen, "reason": "Satu formulir tertinggal."})
    assert PublishedIndex.objects.get(revision=2).reason == "Satu formulir tertinggal."


def test_an_outdated_preview_publishes_nothing(agency_head, agency, answered):
    client, address = signed_in(agency_head), PREVIEW.format(agency.pk)
    seen = client.get(address).context["draft"].content_hash
    answer(answered, 1)
    assert client.post(address, {"seen": seen}).status_code == 200
    assert not PublishedIndex.objects.exists()


@pytest.mark.parametrize("person", ["officer", "editor", "other_officer", "verifier", "auditor"])
def test_nobody_else_reaches_the_preview(person, agency, answered, request):
    client = signed_in(request.getfixturevalue(person))
    for address in (PREVIEW.format(agency.pk), "/admin/published-results/publish/"):
        assert client.get(address).status_code in (302, 403)
    client.post(PREVIEW.format(agency.pk), {"seen": ""})
    assert not PublishedIndex.objects.exists()


def test_the_head_of_another_agency_is_not_offered_this_one(agency, other_agency, answered):
    head = StaffFactory(username="other_head", grants=[("agency_head", other_agency)])
    answer_ = signed_in(head).get(PREVIEW.format(agency.pk))
    assert answer_["Location"] == "/admin/published-results/publish/"


def test_another_agencys_officer_does_not_see_the_result_among_hers(client, published, other_officer, officer):
    assert "87,50" in signed_in(officer).get("/admin/published-results/").content.decode()
    assert "87,50" not in signed_in(other_officer).get("/admin/published-results/").content.decode()
    assert signed_in(other_officer).get(f"/admin/published-results/inspect/{published.pk}/").status_code == 404


def test_days_of_ones_own_are_published_and_read_but_are_no_badge(client, published, agency_head):
    client.force_login(agency_head)
    asked = {"subject": f"agency:{published.agency_id}", "period": "days", "first": "2024-04-10", "last": "2024-05-20"}
    assert "first" in client.get(PUBLISH, asked | {"first": ""}).context["form"].errors
    preview = client.get(PUBLISH, asked).url
    assert "period=20240410-20240520" in preview
    seen = client.get(preview).context["form"].initial["seen"]
    assert client.post(preview, {"seen": seen}).status_code == 302
    assert PublishedIndex.objects.filter(period="20240410-20240520").count() == 1
    page = client.get(ADDRESS.replace("2024Q2", "20240410-20240520"))
    assert (page.status_code, page.context["sheet"].first, page.context["sheet"].last) == (
        200, date(2024, 4, 10), date(2024, 5, 20),
    )  # fmt: skip
    assert "/20240410-20240520/" not in badge(client, "/lencana/opd/dpupr/").content.decode()
