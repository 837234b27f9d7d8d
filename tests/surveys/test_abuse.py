"""What strangers try on a public form, row by row of the abuse table, and what it gets them."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from core.proofs import is_solved, read_challenge
from surveys.limits import LIMITS, Kind
from surveys.models import OfficeNetwork, PostCount, Response, ResponseConflict
from surveys.tokens import new_token, read_token
from tests.surveys.factories import NOON, SurveyFactory, make_point
from tests.surveys.pages import form_data

pytestmark = pytest.mark.django_db
OFFICE = "203.0.113.9"


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def survey(agency, service):
    return SurveyFactory(agency=agency, service=service)


@pytest.fixture
def url(survey):
    return reverse("surveys:point", args=[make_point(survey, service=survey.service).code])


def send(citizen, url, noon, data, **extra):
    """As a browser sends it, a minute after the form was shown."""
    noon.shift(timedelta(minutes=1))
    return citizen.post(url, data, headers={"Sec-Fetch-Site": "same-origin"}, **extra)


def crowd(citizen, url, noon, n=LIMITS[Kind.POINT].usual):
    """``n`` answers of others at this place in the window that runs now."""
    noon.move_to(NOON)
    send(citizen, url, noon, form_data(citizen, url, waktu=2))
    noon.move_to(NOON)
    PostCount.objects.update(n=n)
    Response.objects.all().delete()


def hidden(response, name):
    return re.search(rf'name="{name}" value="([^"]*)"', response.content.decode()).group(1)


def kept(response):
    """The hidden fields of the waiting page, as a browser would send them again."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', response.content.decode()))


# Row 1: staff fill in good scores on the office network ------------------------------------


@pytest.mark.parametrize(
    ("address", "flags"), [(OFFICE, "staff"), ("203.0.113.200", ""), ("2001:db8::1", ""), ("", "")]
)
def test_an_open_answer_from_the_office_is_marked_and_counted(citizen, url, survey, noon, address, flags):
    OfficeNetwork.objects.create(agency=survey.agency, network="203.0.113.0/28")
    cache.clear()
    assert send(citizen, url, noon, form_data(citizen, url, waktu=2), REMOTE_ADDR=address).status_code == 303
    stored = Response.objects.get()
    assert (stored.flags, stored.is_flagged) == (flags, bool(flags))


def test_no_address_is_stored_anywhere(citizen, url, noon):
    send(citizen, url, noon, form_data(citizen, url), REMOTE_ADDR=OFFICE)
    rows = [list(model.objects.values()) for model in (Response, PostCount)]
    assert OFFICE not in str(rows)
    assert len(rows[1]) == 3


# Rows 2, 8 and 32: a flood through one poster ----------------------------------------------


def test_a_flood_costs_work_and_every_paid_answer_is_kept_and_marked(citizen, url, noon):
    crowd(citizen, url, noon)
    data = form_data(citizen, url, waktu=2, comment='Antre\nlama & "panas"')
    asked = send(citizen, url, noon, data)
    assert (asked.status_code, Response.objects.count()) == (429, 0)
    assert int(asked["Retry-After"]) >= 15

    token = read_token(data["token"])
    challenge = read_challenge(hidden(asked, "challenge"), token.bound, NOON + timedelta(minutes=1))
    number = next(n for n in range(challenge.work) if is_solved(challenge, str(n)))
    paid = send(citizen, url, noon, data | {"challenge": challenge.signed, "proof": number})
    stored = Response.objects.get()
    assert (paid.status_code, stored.flags, stored.comment) == (303, "burst", 'Antre\nlama & "panas"')


def test_without_a_script_the_visitor_waits_and_sends_the_same_page(citizen, url, noon):
    crowd(citizen, url, noon)
    asked = send(citizen, url, noon, form_data(citizen, url, waktu=2))
    seconds, fields = int(asked["Retry-After"]), kept(asked)
    noon.shift(timedelta(seconds=seconds - 5))
    early = citizen.post(url, fields)
    assert (early.status_code, early["Retry-After"]) == (429, "5")
    noon.shift(timedelta(seconds=5))
    assert citizen.post(url, kept(early)).status_code == 303
    assert Response.objects.get().flags == "burst"


def test_one_shop_full_of_people_behind_one_address_meets_no_wait(citizen, url, noon):
    data = form_data(citizen, url)
    send(citizen, url, noon, data, REMOTE_ADDR=OFFICE)
    PostCount.objects.update(n=2)
    assert send(citizen, url, noon, form_data(citizen, url), REMOTE_ADDR=OFFICE).status_code == 303


def test_what_only_a_machine_sends_is_refused_and_the_page_keeps_the_answers(citizen, url, noon):
    crowd(citizen, url, noon, LIMITS[Kind.POINT].absurd)
    refused = send(citizen, url, noon, form_data(citizen, url, comment="Tetap di sini"))
    assert (refused.status_code, refused["Retry-After"]) == (429, "600")
    assert kept(refused)["comment"] == "Tetap di sini"
    assert not Response.objects.exists()


def test_the_next_window_is_quiet_again(citizen, url, noon):
    crowd(citizen, url, noon, 10_000)
    noon.shift(timedelta(minutes=10))
    assert send(citizen, url, noon, form_data(citizen, url)).status_code == 303


# Row 4: the same form with other content ---------------------------------------------------


def test_two_tabs_of_one_form_are_one_answer_and_a_conflict_to_look_at(citizen, url, noon):
    data = form_data(citizen, url, 4)
    first = send(citizen, url, noon, data)
    second = send(citizen, url, noon, data | {"e_waktu": "1"})
    assert first["Location"] == second["Location"]
    assert Response.objects.get().score_3 == 4
    assert ResponseConflict.objects.get().content["scores"]["waktu"] == 1


# Row 9: a solved challenge sent again ------------------------------------------------------


def test_a_paid_challenge_buys_one_answer_however_often_it_is_sent(citizen, url, noon):
    crowd(citizen, url, noon)
    data = form_data(citizen, url, waktu=2)
    fields = kept(send(citizen, url, noon, data))
    noon.shift(timedelta(minutes=1))
    receipts = {citizen.post(url, fields)["Location"] for _ in range(3)}
    assert (len(receipts), Response.objects.count()) == (1, 1)
    noon.move_to(NOON)
    other = form_data(citizen, url, waktu=1) | {"challenge": fields["challenge"], "proof": ""}
    noon.shift(timedelta(minutes=2))
    assert citizen.post(url, other).status_code == 429


@pytest.mark.portable
@pytest.mark.parametrize("changes", [{"challenge": "x"}, {"challenge": "W10:x"}, {"proof": "9" * 500}])
def test_a_forged_challenge_is_worth_nothing(citizen, url, noon, changes):
    crowd(citizen, url, noon)
    fields = kept(send(citizen, url, noon, form_data(citizen, url)))
    assert citizen.post(url, fields | changes).status_code == 429
    assert not Response.objects.exists()


# Rows 5 and 6: the server decides by what it signed ----------------------------------------


@pytest.mark.portable
def test_a_form_of_one_place_is_not_taken_at_another(citizen, url, survey, noon):
    data = form_data(citizen, url)
    assert citizen.post(reverse("surveys:form", args=[survey.slug]), data).status_code == 400
    forged = str(new_token(version_id=survey.current_version_id, point_id=0, now=NOON))
    assert citizen.post(url, data | {"token": forged}).status_code == 400
    assert not Response.objects.exists()


# Row 16: oversized bodies, thousands of fields ---------------------------------------------


@pytest.mark.portable
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"comment": "x" * 70_000}, 413),
        ({f"f{n}": "1" for n in range(30)}, 400),
        ({"e_waktu": ["1"] * 40}, 400),
        ({f"f{n}": "" for n in range(500)}, 400),
        ({"unknown": "1"}, 422),
        ({"comment": "x" * 2001}, 422),
        ({"e_waktu": "4.0"}, 422),
        ({"e_waktu": "٤"}, 422),
        ({"e_waktu": ["4", "4"]}, 422),
        ({"p_sex": "x" * 300}, 422),
    ],
)
def test_what_is_no_form_of_ours_is_refused_and_nothing_is_stored(citizen, url, noon, fields, status):
    assert send(citizen, url, noon, form_data(citizen, url) | fields).status_code == status
    assert not Response.objects.exists()


@pytest.mark.portable
def test_an_announced_length_that_is_no_number_is_refused(citizen, url, noon):
    data = form_data(citizen, url)
    assert send(citizen, url, noon, data, CONTENT_LENGTH="9e9").status_code == 413


# Statement budget --------------------------------------------------------------------------


def test_a_post_with_every_guard_on_costs_three_statements(citizen, url, survey, noon, django_assert_num_queries):
    OfficeNetwork.objects.create(agency=survey.agency, network="203.0.113.0/28")
    send(citizen, url, noon, form_data(citizen, url))
    data = form_data(citizen, url)
    # The place, the counters, the answer. The office networks were read a minute ago.
    with django_assert_num_queries(3):
        assert citizen.post(url, data, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
