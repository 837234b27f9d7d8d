"""Visit slips prove a visit and betray nothing; opened posters are counted without anybody's address."""

import threading
from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pypdfium2
import pytest
import zxingcpp
from django.conf import settings
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from surveys.codes import ALPHABET
from surveys.models import Response, ScanCount, VisitIssue, VisitToken
from surveys.selectors.forms import version_for
from surveys.services import scans
from surveys.services.printing import visit_url
from surveys.services.visits import issue_visits, spend_visit, submit_visited
from surveys.tokens import new_token, read_token
from surveys.visitcodes import LENGTH, digest_of, grouped, is_signed, make_visit_code, normalise, number_of
from tests.cms.factories import make_section, make_site
from tests.surveys.factories import NOON, SurveyFactory, make_point, scores
from tests.surveys.pages import form_data, make_survey_page

KEY = "a-key"


# --- Codes ------------------------------------------------------------------------------------


@given(st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_a_changed_character_is_no_code_of_ours_but_for_a_chance_of_a_million(place, character):
    code = make_visit_code(KEY, choose=lambda letters: letters[7])
    changed = code[:place] + character + code[place + 1 :]
    assert is_signed(changed, [KEY]) == (changed == code)


def test_a_code_carries_eighty_random_bits_and_reads_as_typed():
    code = make_visit_code(KEY)
    assert len(code) == 20
    assert 16 * 5 == 80
    assert normalise(f" {grouped(code).lower()} ") == code
    assert is_signed(code, ["newer", KEY])
    assert not is_signed(code, ["newer"])
    assert not is_signed(code[:-1], [KEY])
    assert len({make_visit_code(KEY) for _ in range(500)}) == 500


def test_the_number_of_a_slip_fits_both_databases_and_follows_from_the_digest():
    digest = digest_of("K7QM3XPD9RTB2Z04HJ6N")
    assert len(digest) == 64
    assert 0 <= number_of(digest) < 2**62


# --- Slips ------------------------------------------------------------------------------------


@pytest.fixture
def page(agency):
    make_site(agency.region)
    return make_survey_page(make_section(agency))


@pytest.fixture
def point(page, service):
    return make_point(page.survey, name="Loket 3", service=service)


@pytest.fixture
def slip(point):
    return issue_visits(point=point, count=1, now=NOON)[0]


def visit(slip_or_code):
    return reverse("surveys:visit", args=[getattr(slip_or_code, "code", slip_or_code)])


def at(point):
    return reverse("surveys:point", args=[point.code])


pytestmark = pytest.mark.django_db


def test_only_a_digest_is_stored_and_the_order_of_issue_is_lost(point, officer):
    slips = issue_visits(point=point, count=40, now=NOON, actor=officer)
    stored = list(VisitToken.objects.order_by("pk"))
    assert {token.digest for token in stored} == {digest_of(slip.code) for slip in slips}
    assert [token.digest for token in stored] != [digest_of(slip.code) for slip in slips]
    names = {field.name for field in VisitToken._meta.get_fields()}
    assert names == {"id", "digest", "point", "expires_on", "is_spent"}
    issue = VisitIssue.objects.get()
    assert (issue.count, issue.issued_by, issue.expires_on) == (40, officer, date(2024, 6, 5))


@pytest.mark.portable
@pytest.mark.parametrize(("count", "days"), [(0, 30), (1001, 30), (1, 0), (1, 400)])
def test_slips_out_of_range_are_not_made(point, count, days):
    with pytest.raises(ValueError, match="slips"):
        issue_visits(point=point, count=count, now=NOON, days=days)


def test_an_answer_given_with_a_slip_is_verified_and_does_not_say_which(citizen, point, slip, at_noon):
    html = citizen.get(visit(slip)).content.decode()
    assert f'action="{at(point)}"' in html
    assert slip.code not in html
    data = form_data(citizen, visit(slip))
    assert citizen.post(at(point), data).status_code == 303
    stored = Response.objects.get()
    assert (stored.is_verified, stored.channel, stored.service_point) == (True, "qr", point)
    kept = " ".join(str(getattr(stored, field.attname)) for field in Response._meta.concrete_fields)
    assert slip.code not in kept
    assert digest_of(slip.code) not in kept
    assert VisitToken.objects.get().is_spent


def test_sending_with_a_slip_stays_within_four_statements_of_its_own(
    citizen, point, slip, at_noon, django_assert_max_num_queries
):
    data = form_data(citizen, visit(slip))
    # Two more than without one: the savepoint that only a test has, and the update.
    with django_assert_max_num_queries(7):
        citizen.post(at(point), data)


def test_a_form_sent_twice_spends_once_and_stays_verified(citizen, point, slip, at_noon):
    data = form_data(citizen, visit(slip))
    places = {citizen.post(at(point), data)["Location"] for _ in range(2)}
    assert len(places) == 1
    assert Response.objects.get().is_verified


def test_two_forms_of_one_slip_are_one_verified_and_one_open_answer(citizen, point, slip, at_noon):
    forms = [form_data(citizen, visit(slip)) for _ in range(2)]
    for data in forms:
        assert citizen.post(at(point), data).status_code == 303
    assert sorted(Response.objects.values_list("is_verified", flat=True)) == [False, True]


@pytest.mark.portable
def test_a_form_with_a_mistake_does_not_cost_the_slip(citizen, point, slip, at_noon):
    data = form_data(citizen, visit(slip))
    faulty = citizen.post(at(point), data | {"e_waktu": "9"})
    assert faulty.status_code == 422
    assert not VisitToken.objects.get().is_spent
    citizen.post(at(point), data)
    assert Response.objects.get().is_verified


@pytest.mark.portable
def test_a_used_slip_leads_to_the_open_form(citizen, point, slip, at_noon):
    VisitToken.objects.update(is_spent=True)
    html = citizen.get(visit(slip)).content.decode()
    assert at(point) in html
    assert "<form" not in html


def test_a_slip_is_good_until_the_end_of_its_last_day_in_the_region(citizen, point, slip, at_noon):
    at_noon.move_to(NOON + timedelta(days=30, hours=11, minutes=59))  # 23:59 in Bangkalan
    assert b"<form" in citizen.get(visit(slip)).content
    at_noon.move_to(NOON + timedelta(days=30, hours=12))
    assert b"<form" not in citizen.get(visit(slip)).content


def test_a_slip_of_another_point_counts_as_open(point, page, slip):
    other = make_point(page.survey, name="Loket 4")
    assert not spend_visit(digest=digest_of(slip.code), point=other, day=NOON.date())
    assert spend_visit(digest=digest_of(slip.code), point=point, day=NOON.date())


def test_no_parameter_or_field_makes_an_answer_verified(citizen, point, slip, at_noon):
    data = form_data(citizen, at(point)) | {"visit": slip.code, "is_verified": "1"}
    refused = citizen.post(at(point) + f"?visit={slip.code}", data)
    assert refused.status_code == 422
    token = new_token(version_id=point.survey.current_version_id, point_id=point.pk, now=NOON)
    forged = str(token).rsplit(":", 1)[0] + ":" + str(read_token(str(token)).key)
    assert citizen.post(at(point), data | {"token": forged}).status_code == 400
    assert not Response.objects.exists()
    assert not VisitToken.objects.get().is_spent


def test_guessing_is_refused_after_a_while_and_a_good_slip_of_another_network_still_works(citizen, slip, at_noon):
    guesses = [make_visit_code("not our key") for _ in range(25)]
    states = [citizen.get(visit(code)).status_code for code in guesses]
    assert states[:20] == [404] * 20
    assert states[20:] == [429] * 5
    assert citizen.get(visit(slip)).status_code == 429
    assert citizen.get(visit(slip), REMOTE_ADDR="198.51.100.7").status_code == 200


def test_a_code_that_was_never_issued_is_unknown(citizen, at_noon):
    assert citizen.get(visit(make_visit_code(settings.SECRET_KEY))).status_code == 404


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_of_many_answers_with_one_slip_at_once_exactly_one_is_verified():
    survey = SurveyFactory()
    point = make_point(survey)
    code = issue_visits(point=point, count=1, now=NOON)[0].code
    gate, errors = threading.Barrier(8), []

    def post():
        try:
            version = version_for(survey.slug, survey.current_version_id)
            gate.wait(10)
            submit_visited(
                visit=digest_of(code),
                point=point,
                version=version,
                answers=scores(4),
                key=uuid4(),
                channel="qr",
                language="id",
                now=NOON,
            )
        except Exception as error:  # noqa: BLE001 - whatever a thread meets is reported by the test
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    assert sorted(Response.objects.values_list("is_verified", flat=True)) == [False] * 7 + [True]


# --- The staff screen ---------------------------------------------------------------------------


def slips_screen(point):
    return reverse("service_points:slips", args=[point.pk])


@pytest.mark.portable
def test_an_officer_prints_slips_that_open_the_form(client, citizen, officer, point, at_noon):
    client.force_login(officer)
    made = client.post(slips_screen(point), {"count": 3, "days": 30, "kind": "pdf"})
    assert made["Content-Type"] == "application/pdf"
    assert "no-store" in made["Cache-Control"]
    sheet = pypdfium2.PdfDocument(BytesIO(made.content))[0]
    found = {code.text for code in zxingcpp.read_barcodes(sheet.render(scale=3).to_pil())}
    assert len(found) == 3
    assert all(address.startswith(f"{settings.BASE_URL}/k/") for address in found)
    printed = sheet.get_textpage().get_text_range()
    assert all(grouped(address.rstrip("/").rsplit("/", 1)[-1]) in printed for address in found)
    assert citizen.get(found.pop().removeprefix(settings.BASE_URL)).status_code == 200


@pytest.mark.portable
def test_a_receipt_printer_gets_a_list(client, officer, point, at_noon):
    client.force_login(officer)
    made = client.post(slips_screen(point), {"count": 2, "days": 7, "kind": "csv"}).content.decode().split()
    assert made[0] == "code,url,expires_on"
    assert [row.rsplit(",", 1)[1] for row in made[1:]] == ["2024-05-13"] * 2
    assert VisitToken.objects.count() == 2


@pytest.mark.portable
def test_looking_at_the_screen_makes_no_slip(client, officer, point):
    client.force_login(officer)
    assert client.get(slips_screen(point)).status_code == 200
    assert not VisitToken.objects.exists()


@pytest.mark.portable
def test_slips_are_made_by_those_who_collect_here_only(client, other_officer, auditor, agency_head, point):
    given = {"count": 1, "days": 7, "kind": "csv"}
    client.force_login(other_officer)
    assert client.post(slips_screen(point), given).status_code == 404
    for person in (auditor, agency_head):
        client.force_login(person)
        assert client.post(slips_screen(point), given).status_code in {302, 403}
    client.logout()
    assert client.post(slips_screen(point), given).status_code == 302
    assert not VisitToken.objects.exists()


@pytest.mark.portable
def test_the_address_on_a_slip_is_the_indonesian_one(slip):
    assert visit_url(slip) == f"{settings.BASE_URL}/k/{slip.code}/"


# --- Scan counts --------------------------------------------------------------------------------


def opened():
    return list(ScanCount.objects.values_list("day", "opened"))


def test_opening_a_poster_is_counted_by_point_and_day(citizen, point, at_noon):
    for _ in range(3):
        citizen.get(at(point))
    citizen.head(at(point))
    citizen.get(at(point), headers={"Sec-Purpose": "prefetch;prerender"})
    at_noon.move_to(NOON + timedelta(hours=13))  # after midnight in Bangkalan
    citizen.get(at(point))
    assert opened() == []
    scans.counter.flush()
    assert sorted(opened()) == [(date(2024, 5, 6), 3), (date(2024, 5, 7), 1)]
    assert {field.name for field in ScanCount._meta.get_fields()} == {"id", "point", "day", "opened"}


def test_counts_of_many_processes_add_up(point):
    for counter in (scans.ScanCounter(), scans.ScanCounter()):
        for _ in range(5):
            counter.hit(point.pk, date(2024, 5, 6))
        counter.flush()
        counter.flush()
    assert opened() == [(date(2024, 5, 6), 10)]


def test_now_and_then_one_statement_writes_what_has_gathered(citizen, point, at_noon, monkeypatch):
    monkeypatch.setattr(scans, "EVERY_HITS", 3)
    for _ in range(7):
        citizen.get(at(point))
    assert opened() == [(date(2024, 5, 6), 6)]


def test_showing_a_form_costs_at_most_one_statement_more_when_counts_are_due(
    citizen, point, at_noon, monkeypatch, django_assert_max_num_queries
):
    citizen.get(at(point))
    with django_assert_max_num_queries(2):
        citizen.get(at(point))
    monkeypatch.setattr(scans, "EVERY_HITS", 1)
    with django_assert_max_num_queries(3):
        citizen.get(at(point))


def test_time_alone_makes_a_write_due(point):
    moment = [0.0]
    counter = scans.ScanCounter(clock=lambda: moment[0])
    scans.EVERY_SECONDS = 10.0  # put back by the fixture that froze it
    counter.hit(point.pk, date(2024, 5, 6))
    assert opened() == []
    moment[0] = 10.0
    counter.hit(point.pk, date(2024, 5, 6))
    assert opened() == [(date(2024, 5, 6), 2)]


def test_the_screen_of_a_point_shows_opened_and_answered(client, citizen, officer, point, slip, at_noon):
    data = form_data(citizen, visit(slip))
    for _ in range(3):
        citizen.get(at(point))
    citizen.post(at(point), data)
    scans.counter.flush()
    client.force_login(officer)
    shown = client.get(reverse("service_points:inspect", args=[point.pk]))
    collecting = shown.context["collecting"]
    # The slip opened the form twice: once to read its token, and each counts as what it is.
    assert (collecting.opened, collecting.answered, collecting.rate) == (4, 1, 25)
    assert collecting.slips == {"used": 1, "waiting": 0, "lapsed": 0}
    assert [(row.key, row.figure.n) for row in collecting.visits] == [("verified", 1)]
