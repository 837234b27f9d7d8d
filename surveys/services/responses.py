"""Storing one answer, exactly once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from core.models import Service
from core.statements import values_to_insert
from surveys.answers import Answers, Fields, read_answers
from surveys.definition import Definition
from surveys.errors import ProofRequired, SurveyClosed, TooManyPosts, WrongPlace
from surveys.models import (
    AgeBand,
    Channel,
    Education,
    Occupation,
    QuestionnaireVersion,
    Response,
    ResponseConflict,
    ServicePoint,
    Sex,
)
from surveys.opening import GRACE
from surveys.quality import BURST, captured_moment, flags_of, is_grave
from surveys.services.inserting import Row, insert_once, one_commit
from surveys.services.limits import Guard, counting

# A survey among civil servants is answered behind the sign-in, or on paper.
INTERNAL_CHANNELS = frozenset({Channel.INTERNAL, Channel.PAPER, Channel.IMPORT})
PROFILES = {
    "sex": Sex.values,
    "age_band": AgeBand.values,
    "education": Education.values,
    "occupation": Occupation.values,
}

Store = Callable[[Response, Answers], Response]


def submit_response(  # noqa: PLR0913 - all of this is one answer; keyword-only
    *,
    version: QuestionnaireVersion,
    point: ServicePoint | None,
    answers: Fields,
    key: UUID,
    channel: str,
    language: str,
    now: datetime,
    service: Service | None = None,
    partial: bool = False,
    flags: Iterable[str] = (),
    seconds: int | None = None,
    captured_at: datetime | None = None,
    clock_offset: int | None = None,
    is_verified: bool = False,
    guard: Guard | None = None,
    in_grace: bool = False,
    store: Store | None = None,
) -> Response:
    """Check a form against the version it was shown under and store it with one statement, or two with a ``guard``.

    ``answers`` are the posted fields without the system's own. The same key again returns the first response, also when
    both arrive at once; other content under it is kept beside the first as a conflict. ``version`` must come with
    survey, agency and region loaded (``selectors.forms.version_for``). A form opened before a newer version was
    published is accepted and marked late. ``flags`` are codes of ``surveys.quality`` the caller has seen; what the form
    itself shows is added. ``seconds`` ran between showing and sending. ``captured_at`` is when an answer kept on a
    device was given, with the device's clock already set right (``clock_offset`` seconds it was ahead); it decides the
    day the answer counts for.
    ``guard`` says what an open form is counted by; devices, officers and verified visits are known and not counted.
    ``in_grace`` takes an answer that was given before its survey closed; ``store`` keeps the checked answer in place of
    the insert, for those who collect several and write them with ``store_responses``.
    Raises InvalidAnswers, WrongPlace, SurveyClosed, ProofRequired or TooManyPosts; nothing is stored then.
    """
    # Whoever opened the form before the survey closed may finish it.
    shown_at = now - min(timedelta(seconds=seconds or 0), GRACE)
    if not (in_grace or version.survey.was_open_at(shown_at)):
        raise SurveyClosed(version.survey.slug)
    _check_place(version, point, service, channel)
    checked = read_answers(version.definition, answers, profiles=PROFILES, partial=partial)
    captured = captured_moment(captured_at, now)
    response = _response(version, point, service, now, captured or now)
    fill(response, version.definition, checked)
    response.key, response.channel, response.language = key, channel, language
    response.seconds, response.is_verified = seconds, is_verified
    response.captured_at, response.clock_offset = captured, clock_offset
    _mark(response, checked, flags)
    if guard is None or is_verified:
        return (store or _insert_once)(response, checked)
    return _insert_counted(response, checked, guard)


def _insert_counted(response: Response, checked: Answers, guard: Guard) -> Response:
    """Count an open form's post first; one that comes in a flood is marked, asked for a proof or not taken."""
    count = counting(survey_id=response.survey_id, by=guard.by, now=response.submitted_at)
    row = values_to_insert(response)
    with one_commit():
        verdict = count()
        if verdict.is_suspicious:
            _mark(response, checked, {*response.flags.split(), BURST})
            row = values_to_insert(response)
        if not verdict.is_absurd and (guard.is_proven or not verdict.is_suspicious):
            return _insert_once(response, checked, row)
    # Raised out here: the count stays.
    raise TooManyPosts(verdict.excess) if verdict.is_absurd else ProofRequired(verdict.excess)


def _mark(response: Response, checked: Answers, seen: Iterable[str]) -> None:
    delay = response.submitted_at - response.captured_at if response.captured_at else None
    scores = checked.scores.values()
    flags = flags_of(
        scores=scores, asked=len(scores), seconds=response.seconds, is_late=response.is_late, delay=delay, seen=seen
    )
    response.flags, response.is_flagged = " ".join(flags), is_grave(flags)


def _check_place(
    version: QuestionnaireVersion, point: ServicePoint | None, service: Service | None, channel: str
) -> None:
    if point is not None and point.survey_id != version.survey_id:
        raise WrongPlace("The service point belongs to another survey.")
    if service is not None and service.agency_id != version.survey.agency_id:
        raise WrongPlace("The service belongs to another agency.")
    if version.survey.audience == Service.Audience.INTERNAL and channel not in INTERNAL_CHANNELS:
        raise WrongPlace("An internal survey is answered signed in.")


def _response(
    version: QuestionnaireVersion,
    point: ServicePoint | None,
    service: Service | None,
    now: datetime,
    given_at: datetime,
) -> Response:
    survey = version.survey
    at_point = point.service_id if point is not None else None
    chosen = service.pk if service is not None else None
    return Response(
        survey=survey,
        version=version,
        instrument_version_id=version.instrument_version_id,
        service_point=point,
        service_id=at_point or chosen or survey.service_id,
        agency_id=survey.agency_id,
        region=survey.agency.region,
        submitted_at=now,
        period_on=given_at.astimezone(survey.agency.region.zone).date(),
        is_late=version.pk != survey.current_version_id,
    )


def fill(response: Response, definition: Definition, checked: Answers) -> None:
    """Put checked answers into their columns."""
    for element in definition["elements"]:
        setattr(response, f"score_{element['slot']}", checked.scores.get(element["code"]))
    for name, value in checked.profile.items():
        setattr(response, name, value)
    response.comment, response.answers = checked.comment, checked.own
    response.reasons = checked.reasons
    response.is_complete = checked.is_complete
    response.payload_hash = checked.payload_hash


def _insert_once(response: Response, checked: Answers, row: Row | None = None) -> Response:
    """A stored receipt that is not ours belongs to the first answer under this key."""
    ours = response.receipt
    insert_once(response, row or values_to_insert(response))
    if response.receipt == ours:
        return response
    first = Response.objects.get(key=response.key)
    if first.payload_hash != response.payload_hash:
        _keep_conflict(first, response, checked)
    return first


def _keep_conflict(first: Response, second: Response, checked: Answers) -> None:
    conflict = ResponseConflict(
        response=first, payload_hash=second.payload_hash, content=asdict(checked), received_at=second.submitted_at
    )
    ResponseConflict.objects.bulk_create([conflict], ignore_conflicts=True)


def store_responses(prepared: Sequence[tuple[Response, Answers]]) -> list[tuple[str, bool]]:
    """Store several checked answers with one upsert; receipt and whether it is new, for each in its order.

    Rows are written in the order of their keys, so two batches with the same answers wait instead of locking each other
    out. A key that is stored already, or comes twice, keeps its first answer.
    """
    rows: dict[UUID, Response] = {}
    for response, _checked in prepared:
        rows.setdefault(response.key, response)
    ours = {key: response.receipt for key, response in rows.items()}
    ordered = [rows[key] for key in sorted(rows)]
    Response.objects.bulk_create(ordered, update_conflicts=True, unique_fields=["key"], update_fields=["key"])
    new = {key for key, response in rows.items() if response.receipt == ours[key]}
    _keep_conflicts([pair for pair in prepared if pair[0].key not in new or rows[pair[0].key] is not pair[0]])
    return [
        (rows[response.key].receipt, response.key in new and rows[response.key] is response) for response, _ in prepared
    ]


def _keep_conflicts(replays: Sequence[tuple[Response, Answers]]) -> None:
    if not replays:
        return
    stored = {row.key: row for row in Response.objects.filter(key__in={response.key for response, _ in replays})}
    for response, checked in replays:
        first = stored[response.key]
        if first.payload_hash != response.payload_hash:
            _keep_conflict(first, response, checked)
