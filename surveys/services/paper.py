"""Paper forms: typed as drafts, some of them twice, settled where the two differ, and stored together at the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.conf import settings
from django.db import transaction

from core.models import Service, User
from surveys.answers import Answers, read_answers
from surveys.errors import BadPaperDay, BatchClosed, BatchUnfinished, EmptySheet, NotYourSheet, SheetTaken, WrongPlace
from surveys.models import Channel, PaperBatch, PaperSheet, QuestionnaireVersion, Response, ServicePoint
from surveys.papersheets import Values, day_fault, differing, tidy
from surveys.selectors.paper import agreement_figures, unchecked, unsettled
from surveys.services.responses import PROFILES, store_responses, submit_response

# Paper knows the day, not the hour.
_NOON = time(12)


@transaction.atomic
def open_batch(
    *,
    version: QuestionnaireVersion,
    answered_on: date,
    expected: int,
    actor: User,
    now: datetime,
    point: ServicePoint | None = None,
    service: Service | None = None,
    check_share: int = PaperBatch.Share.TENTH,
) -> PaperBatch:
    """A batch to type sheets of one printed version into. Raises BadPaperDay and WrongPlace."""
    survey = version.survey
    zone = survey.agency.region.zone
    published_on = version.published_at.astimezone(zone).date()
    today = now.astimezone(zone).date()
    fault = day_fault(answered_on, today=today, published_on=published_on, most_days=settings.SURVEY_PAPER_DAYS)
    if fault is not None:
        raise BadPaperDay(fault)
    if point is not None and point.survey_id != survey.pk:
        raise WrongPlace("The service point belongs to another survey.")
    if service is not None and service.agency_id != survey.agency_id:
        raise WrongPlace("The service belongs to another agency.")
    return PaperBatch.objects.create(
        agency_id=survey.agency_id,
        survey=survey,
        version=version,
        point=point,
        service=service,
        answered_on=answered_on,
        expected=expected,
        check_share=check_share,
        created_at=now,
        created_by=actor,
    )


@transaction.atomic
def type_sheet(
    *, batch: PaperBatch, number: int, fields: Values, actor: User, now: datetime, is_correction: bool = False
) -> PaperSheet:
    """The first entry of a sheet. The same content under the same number again is the same sheet.

    With ``is_correction`` the typist replaces the own entry until somebody typed the sheet a second time. Raises
    InvalidAnswers, EmptySheet, BatchClosed, SheetTaken (other content under this number) or NotYourSheet.
    """
    locked = _open(batch)
    values = _checked(locked, fields)
    sheet = locked.sheets.filter(number=number).first()
    if sheet is None:
        return locked.sheets.create(number=number, first=values, first_at=now, first_by=actor)
    if is_correction:
        if sheet.first_by_id != actor.pk or sheet.second_at is not None:
            raise NotYourSheet(number)
        sheet.first, sheet.first_at = values, now
        sheet.save(update_fields=["first", "first_at"])
        return sheet
    if sheet.first_by_id != actor.pk or sheet.first != values:
        raise SheetTaken(next_number(locked))
    return sheet


@transaction.atomic
def type_again(*, batch: PaperBatch, number: int, fields: Values, actor: User, now: datetime) -> PaperSheet:
    """The second entry, by somebody else and without having seen the first. It is not replaced: from then on the two
    are compared. Raises InvalidAnswers, BatchClosed or NotYourSheet."""
    locked = _open(batch)
    values = _checked(locked, fields, may_be_empty=True)
    sheet = locked.sheets.get(number=number)
    if sheet.first_by_id == actor.pk:
        raise NotYourSheet(number)
    if sheet.second_at is not None:
        if sheet.second_by_id != actor.pk or sheet.second != values:
            raise NotYourSheet(number)
        return sheet
    sheet.second, sheet.second_at, sheet.second_by = values, now, actor
    sheet.save(update_fields=["second", "second_at", "second_by"])
    return sheet


@transaction.atomic
def undo_last(*, batch: PaperBatch, actor: User) -> int | None:
    """Take back the sheet this person typed last in the batch, unless somebody typed it a second time; its number."""
    locked = _open(batch)
    sheet = locked.sheets.filter(first_by=actor, second_at__isnull=True).order_by("-first_at", "-number").first()
    if sheet is None:
        return None
    sheet.delete()
    return sheet.number


@transaction.atomic
def settle(*, batch: PaperBatch, number: int, fields: Values, actor: User, now: datetime) -> PaperSheet:
    """What is right where the two entries of a sheet differ, by somebody who looked at the paper again.

    Fields that do not differ are ignored. Raises InvalidAnswers or BatchClosed.
    """
    locked = _open(batch)
    sheet = locked.sheets.get(number=number, second_at__isnull=False)
    names = differing(locked.version.definition, sheet.first, sheet.second)
    given = tidy(fields)
    settled = {name: given.get(name, []) for name in names}
    _checked(locked, final_values(sheet, settled), may_be_empty=True)
    sheet.settled, sheet.settled_at, sheet.settled_by = settled, now, actor
    sheet.save(update_fields=["settled", "settled_at", "settled_by"])
    return sheet


@transaction.atomic
def close_batch(*, batch: PaperBatch, actor: User, now: datetime) -> PaperBatch:
    """Make every sheet an answer, all or none, and empty the drafts.

    What stays of them is who typed and settled, when, and how well the entries agreed. A batch that is closed stays as
    it is. Raises BatchUnfinished while sheets wait to be typed a second time or to be settled.
    """
    locked = _lock(batch)
    if locked.is_closed:
        return locked
    sheets = list(locked.sheets.order_by("number"))
    if not sheets or unchecked(locked, sheets) or unsettled(locked, sheets):
        raise BatchUnfinished(locked.pk)
    _store(locked, sheets, now)
    locked.agreement = agreement_figures(locked, sheets)
    locked.closed_at, locked.closed_by = now, actor
    locked.save(update_fields=["agreement", "closed_at", "closed_by"])
    for sheet in sheets:
        sheet.first, sheet.second, sheet.settled = {}, {}, {}
    PaperSheet.objects.bulk_update(sheets, ["first", "second", "settled"])
    return locked


def _store(batch: PaperBatch, sheets: Sequence[PaperSheet], now: datetime) -> None:
    """One upsert for all; the key of a sheet follows from the batch."""
    prepared: list[tuple[Response, Answers]] = []

    def keep(response: Response, checked: Answers) -> Response:
        prepared.append((response, checked))
        return response

    noon = datetime.combine(batch.answered_on, _NOON, batch.agency.region.zone)
    for sheet in sheets:
        submit_response(
            version=batch.version,
            point=batch.point,
            service=batch.service,
            answers=final_values(sheet),
            key=batch.key_of(sheet.number),
            channel=Channel.PAPER,
            language="id",
            now=now,
            captured_at=noon,
            partial=True,
            in_grace=True,
            store=keep,
        )
    store_responses(prepared)


def final_values(sheet: PaperSheet, settled: Values | None = None) -> dict[str, list[str]]:
    """The first entry, with what was settled in its place."""
    return tidy({**sheet.first, **(sheet.settled if settled is None else settled)})


def next_number(batch: PaperBatch) -> int:
    """After the highest number typed so far; a sheet that was taken back leaves its number free at the end only."""
    last = batch.sheets.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _checked(batch: PaperBatch, fields: Values, *, may_be_empty: bool = False) -> dict[str, list[str]]:
    values = tidy(fields)
    if not values and not may_be_empty:
        raise EmptySheet
    read_answers(batch.version.definition, values, profiles=PROFILES, partial=True)
    return values


def _lock(batch: PaperBatch) -> PaperBatch:
    joined = ("agency__region", "point", "service", "version__survey__agency__region", "survey")
    return PaperBatch.objects.select_related(*joined).select_for_update(of=("self",)).get(pk=batch.pk)


def _open(batch: PaperBatch) -> PaperBatch:
    locked = _lock(batch)
    if locked.is_closed:
        raise BatchClosed(batch.pk)
    return locked
