"""Erasing from an answer on its screen: who may what, asked twice, counted exactly."""

from datetime import timedelta

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from surveys.models import DeviceRefusal, Response
from surveys.selectors.index import index_for
from surveys.services import tallies
from surveys.services.retention import forget_old_refusals
from tests.signing_in import sign_in
from tests.surveys.devices import make_device
from tests.surveys.factories import NOON, SurveyFactory, answer

pytestmark = pytest.mark.django_db
SURE = {"reason": "diminta pemiliknya", "confirmed": "on"}


@pytest.fixture
def written(agency):
    survey = SurveyFactory(agency=agency)
    answer(survey, 4)
    written = answer(survey, 2, extra={"comment": ["Hubungi Siti"]})
    tallies.fold(now=NOON)
    return written


def address(response):
    return reverse("survey_responses:erase", args=[response.pk])


@pytest.mark.portable
@pytest.mark.parametrize(
    ("person", "parts"),
    [("regional_admin", ["texts", "whole"]), ("agency_head", ["texts"]), ("officer", None), ("editor", None),
     ("auditor", None), ("other_officer", None)],
)  # fmt: skip
def test_the_office_may_erase_words_and_only_the_region_scores(client, written, person, parts, request):
    sign_in(client, request.getfixturevalue(person))
    opened = client.get(address(written))
    if parts is None:
        assert opened.status_code in (302, 403, 404)
        client.post(address(written), SURE | {"part": "texts"})
        assert Response.objects.get(pk=written.pk).comment
        return
    assert [value for value, _label in opened.context["form"].fields["part"].choices] == parts
    assert "Siti" not in opened.content.decode()
    client.post(address(written), SURE | {"part": "whole"})
    assert Response.objects.filter(pk=written.pk).exists() == ("whole" not in parts)


def test_words_go_and_the_figure_stays_then_the_answer_goes_and_the_figure_follows(client, written, regional_admin):
    sign_in(client, regional_admin)
    client.post(address(written), SURE | {"part": "texts"})
    assert Response.objects.get(pk=written.pk).comment == ""
    assert index_for(survey=written.survey).result.index == 75
    client.post(address(written), SURE | {"part": "whole"})
    assert index_for(survey=written.survey).result.index == 100
    assert list(tallies.differences()) == []
    logged = ModelLogEntry.objects.filter(action__startswith="surveys.erase").order_by("pk")
    assert [(row.user, row.action) for row in logged] == [
        (regional_admin, "surveys.erase_text"), (regional_admin, "surveys.erase_answer"),
    ]  # fmt: skip


@pytest.mark.portable
@pytest.mark.parametrize("missing", ["reason", "confirmed"])
def test_nothing_goes_without_a_reason_and_a_second_thought(client, written, regional_admin, missing):
    sign_in(client, regional_admin)
    assert client.post(address(written), SURE | {"part": "whole", missing: ""}).status_code == 200
    assert Response.objects.filter(pk=written.pk).exists()


@pytest.mark.portable
def test_who_signed_in_long_ago_is_asked_for_the_password_and_then_it_is_done(client, written, regional_admin):
    regional_admin.set_password("rahasia-sekali")
    regional_admin.save()
    sign_in(client, regional_admin, minutes_ago=11)
    asked = client.post(address(written), SURE | {"part": "whole"})
    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert Response.objects.filter(pk=written.pk).exists()
    client.post(asked.url, {"password": "rahasia-sekali", "next": address(written)})
    assert not Response.objects.filter(pk=written.pk).exists()


def test_what_a_device_sent_and_nobody_settled_goes_in_time_and_the_loss_stays_visible(agency):
    device = make_device(SurveyFactory(agency=agency))
    for key, age in (("lama", 31), ("baru", 29)):
        sent = NOON - timedelta(days=age)
        DeviceRefusal.objects.create(device=device, key=key, reason="shape", payload="Siti", received_at=sent)
    assert forget_old_refusals(NOON) == 1
    assert forget_old_refusals(NOON) == 0
    rows = DeviceRefusal.objects.order_by("key").values_list("key", "payload", "forgotten_at")
    assert list(rows) == [("baru", "Siti", None), ("lama", "", NOON)]
