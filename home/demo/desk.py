"""Work that staff have begun: devices, a pile of paper, comments taken up, a corrected result. Safe to repeat."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from core.models import Agency, Region, User
from core.periods import PeriodKind, period_of
from surveys.comment_states import State
from surveys.models import CommentCase, Device, PaperBatch, PublishedIndex, Response, Survey
from surveys.selectors.results import ResultSubject, valid_result
from surveys.services import tallies
from surveys.services.bulk import make_responses
from surveys.services.comments import move_comment
from surveys.services.devices import Report, enrol, hear, issue_code, revoke
from surveys.services.paper import type_again, type_sheet
from surveys.services.results import ResultRefused, correct_result

AGENCY = "DUKCAPIL"
OFFICE_HOURS = {str(day): ["08:00", "15:00"] for day in range(5)}
LATE_SHEETS = 14
REASON = "Empat belas formulir kertas bulan terakhir baru diketik setelah hasil diterbitkan."
# Scores of the sheets typed so far, in the order of the questionnaire.
SHEETS = ("334433334", "444444444", "333433323", "243433334", "334434433", "222422212")


def load_desk(region: Region, *, now: datetime, seed: int) -> None:
    """At one agency, so that the others show what an empty screen says."""
    survey = Survey.objects.filter(agency__region=region, agency__code=AGENCY).order_by("-pk").first()
    people = User.objects.filter(is_demo=True, username__in=("admin", "editor", "petugas")).in_bulk(
        field_name="username"
    )
    if survey is None or len(people) < 3:
        return
    _devices(survey, now)
    _paper(survey, first=people["petugas"], second=people["editor"], now=now)
    _comments(survey, people["petugas"], now)
    _correction(survey.agency, people["admin"], now, seed)


def _devices(survey: Survey, now: datetime) -> None:
    points = list(survey.service_points.active().order_by("pk")[:2])
    if not points or Device.objects.filter(service_point__survey=survey).exists():
        return
    values = {"hours": OFFICE_HOURS, "languages": ["id", "mad"]}
    kiosk = _set_up(Device.objects.create(service_point=points[0], name="Kios ruang tunggu", **values), now)
    hear(device=kiosk, report=Report(app_version="1", unsent=0), now=now)
    tablet = Device.objects.create(service_point=points[-1], name="Tablet petugas", kind=Device.Kind.TABLET)
    hear(device=_set_up(tablet, now), report=Report(app_version="1", unsent=3, battery=64), now=now)
    Device.objects.create(service_point=points[-1], name="Kios loket (belum dipasang)", **values)
    old = Device.objects.create(service_point=points[0], name="Tablet lama", kind=Device.Kind.TABLET)
    revoke(device=_set_up(old, now - timedelta(days=90)), now=now - timedelta(days=2))


def _set_up(device: Device, at: datetime) -> Device:
    """As somebody at the machine does; its token is nobody's."""
    enrolled, _token = enrol(code=issue_code(device=device, now=at), now=at)
    return enrolled


def _paper(survey: Survey, *, first: User, second: User, now: datetime) -> None:
    """Six of eight sheets typed, one of them twice and differently."""
    if PaperBatch.objects.filter(survey=survey).exists() or survey.current_version is None:
        return
    batch = PaperBatch.objects.create(
        agency=survey.agency,
        survey=survey,
        version=survey.current_version,
        point=survey.service_points.active().first(),
        answered_on=now.astimezone(survey.agency.region.zone).date(),
        expected=8,
        check_share=PaperBatch.Share.QUARTER,
        created_at=now,
        created_by=first,
    )
    codes = [row["code"] for row in survey.current_version.definition["elements"]]
    for number, scores in enumerate(SHEETS, start=1):
        fields = {f"e_{code}": [score] for code, score in zip(codes, scores, strict=True)}
        type_sheet(batch=batch, number=number, fields=fields, actor=first, now=now)
    slip = {f"e_{code}": [score] for code, score in zip(codes, "243433332", strict=True)}
    type_again(batch=batch, number=4, fields=slip, actor=second, now=now)


def _comments(survey: Survey, officer: User, now: datetime) -> None:
    """The newest three: one done, one in progress, one handed on; the others wait."""
    if CommentCase.objects.filter(response__survey=survey).exists():
        return
    written = list(Response.objects.filter(survey=survey).exclude(comment="").order_by("-submitted_at")[:3])
    notes = ("Sudah dibicarakan di rapat loket; nomor antrean dipanggil lagi.", "Menunggu jawaban bagian sarana.", "")
    for response, note in zip(written, notes, strict=False):
        at = now - timedelta(hours=2)
        move_comment(response=response, to=State.IN_PROGRESS, actor=officer, now=at, note=note)
    for response in written[:1]:
        move_comment(response=response, to=State.DONE, actor=officer, now=now - timedelta(hours=1))


def _correction(agency: Agency, actor: User, now: datetime, seed: int) -> None:
    """Late sheets of the last quarter, and so a second revision of its result with the reason."""
    zone = agency.region.zone
    running = period_of(now.astimezone(zone).date(), PeriodKind.QUARTER)
    quarter, subject = period_of(running.start - timedelta(days=1), PeriodKind.QUARTER), ResultSubject.of(agency)
    result = valid_result(subject, quarter)
    if result is None or PublishedIndex.objects.filter(subject=subject.key, revision__gt=1).exists():
        return
    start, end = (datetime.combine(day, time(9), zone) for day in (quarter.start, quarter.end - timedelta(days=1)))
    surveys = list(Survey.objects.filter(agency=agency).order_by("-pk")[:1])
    make_responses(surveys=surveys, n=LATE_SHEETS, seed=seed + 2, start=start, end=end)
    tallies.fold(now=now, batch=5_000)
    try:
        correct_result(subject=subject, period=quarter, reason=REASON, actor=actor, now=now)
    except ResultRefused:
        # The sheets changed no figure: then there is nothing to correct, here as anywhere.
        return
