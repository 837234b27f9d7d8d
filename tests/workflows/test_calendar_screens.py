"""Staff enter holidays, hours and limits without code, each inside the own region."""

from datetime import date

import pytest
from django.urls import reverse
from wagtail.models import Page, Site

from core.permissions import Role
from tests.factories import RegionFactory, StaffFactory
from workflows.models import CalendarDay, CalendarLayer, SlaPolicy, WorkingHours
from workflows.selectors.calendars import calendar_for, calendar_version
from workflows.services.policies import mark_policy_used

pytestmark = [pytest.mark.django_db, pytest.mark.portable]


def rows(prefix, *stored_and_new):
    """The management form and rows of an inline formset; a row with an id is stored."""
    data = {f"{prefix}-MIN_NUM_FORMS": 0, f"{prefix}-MAX_NUM_FORMS": 1000, f"{prefix}-TOTAL_FORMS": len(stored_and_new)}
    data[f"{prefix}-INITIAL_FORMS"] = sum(bool(row.get("id")) for row in stored_and_new)
    for number, row in enumerate(stored_and_new):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def layer_data(region, *days, **changes):
    region_id = region.pk if region else ""
    data = {
        "kind": "local",
        "year": 2026,
        "name": "Hari jadi",
        "region": region_id,
        "source": "Keputusan Bupati 7/2026",
    }
    data |= {"decided_on": "2026-04-01", "known_from": "2026-04-02"}
    return {**data, **rows("days", *days), **changes}


def local_layer(region):
    layer = CalendarLayer.objects.create(
        region=region,
        year=2026,
        kind="local",
        name="Hari jadi",
        source="Keputusan",
        decided_on=date(2026, 4, 1),
        known_from=date(2026, 4, 1),
    )
    CalendarDay.objects.create(layer=layer, on=date(2026, 5, 19), name="Hari jadi", added_on=date(2026, 4, 1))
    return layer


def stored_row(day, **changes):
    row = {"id": day.pk, "on": day.on, "name": day.name, "added_on": day.added_on, "added_by": day.added_by}
    return {**row, **changes}


def works(agency, on):
    return calendar_for(agency).day(date.fromisoformat(on)).is_working


@pytest.fixture
def stranger(db):
    """Administrator of another regency."""
    return StaffFactory(
        username="stranger", grants=[(Role.REGIONAL_ADMIN, RegionFactory(code="35.27", name="Sampang"))]
    )


# --- Closed days ------------------------------------------------------------------------------------


def test_an_administrator_adds_a_local_holiday(client, calendars, regional_admin, agency):
    client.force_login(regional_admin)
    version = calendar_version()
    assert works(agency, "2026-05-19")
    data = layer_data(agency.region, {"on": "2026-05-19", "name": "Hari jadi"})
    response = client.post(reverse("calendar_layers:add"), data)
    assert response.status_code == 302, response.context["form"].errors
    layer = CalendarLayer.objects.get(region=agency.region)
    assert layer.approved_by == regional_admin
    assert layer.days.get().added_on == date(2026, 4, 2)
    assert not works(agency, "2026-05-19")
    assert calendar_version().number == version.number + 1


def test_the_add_form_offers_the_own_region_only(client, calendars, regional_admin, stranger):
    client.force_login(regional_admin)
    form = client.get(reverse("calendar_layers:add")).context["form"]
    assert [region.code for region in form.fields["region"].queryset] == ["35.26"]
    refused = client.post(reverse("calendar_layers:add"), layer_data(RegionFactory(code="35.27")))
    assert "region" in refused.context["form"].errors


def test_a_published_day_is_removed_with_a_date_and_stays_in_the_history(client, calendars, regional_admin, agency):
    client.force_login(regional_admin)
    layer = local_layer(agency.region)
    url, day = reverse("calendar_layers:edit", args=[layer.pk]), layer.days.get()
    deleted = client.post(url, layer_data(agency.region, stored_row(day, DELETE="on")))
    assert deleted.context["form"].non_field_errors()
    moved = client.post(url, layer_data(agency.region, stored_row(day, on="2026-05-20")))
    assert moved.status_code == 200
    day.refresh_from_db()
    assert (day.on, day.removed_on) == (date(2026, 5, 19), None)
    removed = stored_row(day, removed_on="2026-05-01", removed_by="Keputusan Bupati 9/2026")
    assert client.post(url, layer_data(agency.region, removed)).status_code == 302
    assert works(agency, "2026-05-19")
    assert not calendar_for(agency, known_on=date(2026, 4, 30)).day(date(2026, 5, 19)).is_working


@pytest.mark.parametrize(
    "days",
    [
        [{"on": "2027-05-19", "name": "wrong year"}],
        [{"on": "2026-05-19", "name": "once"}, {"on": "2026-05-19", "name": "twice"}],
        [{"on": "", "name": "no date"}],
    ],
)
def test_days_that_make_no_sense_are_refused_beside_the_field(client, calendars, regional_admin, region, days):
    client.force_login(regional_admin)
    response = client.post(reverse("calendar_layers:add"), layer_data(region, *days))
    assert response.status_code == 200
    assert any(row.errors for row in response.context["form"].formsets["days"].forms)
    assert not CalendarLayer.objects.filter(region=region).exists()


def test_a_year_without_any_working_day_cannot_be_published(client, calendars, regional_admin, agency):
    client.force_login(regional_admin)
    closed = CalendarLayer.objects.filter(region=None, kind="national", year=2026).get()
    first = date(2026, 1, 1).toordinal()
    every_day = {date.fromordinal(first + number) for number in range(365)} - {date(2026, 6, 3), date(2026, 6, 4)}
    every_day -= set(closed.days.values_list("on", flat=True))
    CalendarDay.objects.bulk_create(
        CalendarDay(layer=closed, on=on, name="closed", added_on=date(2026, 1, 1)) for on in every_day
    )
    last_two = [{"on": "2026-06-03", "name": "closed"}, {"on": "2026-06-04", "name": "closed"}]
    url = reverse("calendar_layers:add")
    assert client.post(url, layer_data(agency.region, *last_two)).context["form"].non_field_errors()
    assert client.post(url, layer_data(agency.region, last_two[0])).status_code == 302


def test_ramadan_needs_its_first_and_last_day(client, calendars, regional_admin, region):
    client.force_login(regional_admin)
    url = reverse("calendar_layers:add")
    assert "first_day" in client.post(url, layer_data(region, kind="ramadan")).context["form"].errors
    data = layer_data(region, kind="ramadan", first_day="2026-02-18", last_day="2026-03-19")
    assert client.post(url, data).status_code == 302


def test_national_days_need_somebody_who_administers_every_working_region(client, calendars, regional_admin, region):
    client.force_login(regional_admin)
    url = reverse("calendar_layers:add")
    data = layer_data(None, {"on": "2027-01-01", "name": "Tahun Baru"}, kind="national", year=2027)
    assert client.post(url, data).status_code == 302
    site = Site.objects.create(hostname="sampang.example", root_page=Page.objects.get(depth=2))
    RegionFactory(code="35.27", name="Sampang", site=site)
    assert "region" in client.post(url, data).context["form"].errors
    national = CalendarLayer.objects.filter(region=None).first()
    assert client.get(reverse("calendar_layers:edit", args=[national.pk])).status_code != 200


# --- Who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["calendar_layers", "working_hours", "time_limits"])
@pytest.mark.parametrize("who", ["officer", "verifier", "auditor", "editor"])
def test_others_read_and_change_nothing(client, calendars, request, name, who):
    client.force_login(request.getfixturevalue(who))
    model = {"calendar_layers": CalendarLayer, "working_hours": WorkingHours, "time_limits": SlaPolicy}[name]
    row = model.objects.first()
    assert client.get(reverse(f"{name}:index")).status_code == 200
    assert client.get(reverse(f"{name}:inspect", args=[row.pk])).status_code == 200
    assert client.get(reverse(f"{name}:add")).status_code == 302
    for action in ("edit", "delete"):
        assert client.get(reverse(f"{name}:{action}", args=[row.pk])).status_code == 302


def test_another_regions_administrator_neither_sees_nor_changes_a_local_layer(client, calendars, stranger, agency):
    layer = local_layer(agency.region)
    client.force_login(stranger)
    assert layer not in client.get(reverse("calendar_layers:index")).context["object_list"]
    assert client.get(reverse("calendar_layers:edit", args=[layer.pk])).status_code == 404
    assert client.get(reverse("calendar_layers:inspect", args=[layer.pk])).status_code == 404


def test_reading_a_layer_shows_its_days(client, calendars, officer, agency):
    layer = local_layer(agency.region)
    client.force_login(officer)
    content = client.get(reverse("calendar_layers:inspect", args=[layer.pk])).content.decode()
    assert "Hari jadi" in content
    assert "2026" in content


# --- Office hours and limits -------------------------------------------------------------------------


def test_office_hours_of_an_agency_are_entered_and_apply(client, calendars, regional_admin, agency):
    client.force_login(regional_admin)
    data = {"name": "Loket", "code": "loket", "region": agency.region.pk, "agency": agency.pk, "source": "SK"}
    data |= {"working_week": "five_day"}
    refused = client.post(reverse("working_hours:add"), {**data, **rows("windows")})
    assert refused.context["form"].non_field_errors()
    saturday = {"season": "normal", "weekday": 5, "opens_at": "08:00", "closes_at": "11:00"}
    response = client.post(reverse("working_hours:add"), {**data, **rows("windows", saturday)})
    assert response.status_code == 302
    assert [works(agency, on) for on in ("2026-05-08", "2026-05-09")] == [False, True]


def test_a_limit_in_use_cannot_be_edited_only_superseded(client, calendars, regional_admin):
    client.force_login(regional_admin)
    policy = SlaPolicy.objects.get(code="selesai-pengaduan")
    edit = reverse("time_limits:edit", args=[policy.pk])
    assert client.get(edit).status_code == 200
    mark_policy_used(policy=policy)
    assert client.get(edit).status_code == 302
    url = reverse("time_limits:supersede", args=[policy.pk])
    assert client.get(url).status_code == 200
    data = {"number": 10, "unit": "working_days", "source": "Peraturan Bupati", "certainty": "confirmed"}
    early = client.post(url, {**data, "valid_from": "2018-01-01"})
    assert "valid_from" in early.context["form"].errors
    assert client.post(url, {**data, "valid_from": "2026-05-11"}).status_code == 302
    policy.refresh_from_db()
    newest = SlaPolicy.objects.get(code=policy.code, valid_until=None)
    assert (policy.number, policy.valid_until) == (14, date(2026, 5, 11))
    assert (newest.number, newest.version, newest.used_at) == (10, 2, None)
    assert client.get(url).status_code == 302


def test_an_officer_cannot_supersede_a_limit(client, calendars, officer):
    client.force_login(officer)
    policy = SlaPolicy.objects.first()
    url = reverse("time_limits:supersede", args=[policy.pk])
    assert client.get(url).status_code == 302
    assert client.post(url, {"number": 1}).status_code == 302
    assert SlaPolicy.objects.filter(code=policy.code).count() == 1


def test_a_second_limit_with_the_same_code_is_refused(client, calendars, regional_admin, region):
    client.force_login(regional_admin)
    data = {"code": "selesai-pengaduan", "clock": "total", "number": 3, "unit": "working_days", "region": region.pk}
    data |= {"valid_from": "2026-01-01", "source": "SK", "certainty": "confirmed"}
    response = client.post(reverse("time_limits:add"), data)
    assert "code" in response.context["form"].errors
    assert client.post(reverse("time_limits:add"), {**data, "code": "kabupaten"}).status_code == 302
