"""Bringing a table of forms into a survey: all of it or nothing, and never twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from core.models import Service
from surveys.answers import Answers
from surveys.importing import ColumnMap, Form, Refusal, RowFault, Rules, understand
from surveys.models import Channel, QuestionnaireVersion, Response, Survey
from surveys.services import tallies
from surveys.services.responses import fill
from surveys.sheets import read_sheet

_CHUNK = 500
_FOLDED = 5_000


class NotPublished(ValueError):
    """The survey has no published questionnaire to import under."""


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or with ``is_dry_run`` would do. ``written`` is False when anything was refused."""

    rows: int
    accepted: int
    incomplete: int
    refusals: tuple[Refusal, ...]
    duplicates: tuple[int, ...]
    new_services: tuple[str, ...]
    ignored_columns: tuple[str, ...]
    written: bool
    is_dry_run: bool

    @property
    def rejected_lines(self) -> list[int]:
        return sorted({refusal.line for refusal in self.refusals})


def import_responses(
    *,
    survey: Survey,
    content: bytes,
    names: ColumnMap | None = None,
    now: datetime,
    dry_run: bool = False,
    skip_invalid: bool = False,
    accept_incomplete: bool = False,
) -> ImportReport:
    """Read a CSV or XLSX file into the survey in one transaction.

    One refused row stops the whole file unless ``skip_invalid`` is given. Rows already imported are duplicates, not
    errors. Missing services are created under the survey's agency. Raises UnreadableFile, WrongColumns, NotPublished.
    """
    version = _version_of(survey)
    rules = _rules(survey, version, now, accept_incomplete)
    understood = understand(read_sheet(content), rules, names or ColumnMap())
    refusals = (*understood.refusals, *_foreign_services(survey, understood.forms))
    refused = {refusal.line for refusal in refusals}
    forms = [form for form in understood.forms if form.line not in refused]
    with transaction.atomic():
        # Two imports of the same file at once: the second waits here and then finds only duplicates.
        Survey.objects.select_for_update().get(pk=survey.pk)
        fresh, duplicates = _without_duplicates(forms)
        may_write = bool(fresh) and not dry_run and (skip_invalid or not refusals)
        services = _Services(survey, fresh, create=may_write)
        responses = [_response(form, version, services.of(form), rules) for form in fresh]
        if may_write:
            Response.objects.bulk_create(responses, batch_size=_CHUNK)
    if may_write:
        # Nothing would be wrong without it, but every page would count the file until the next minute.
        tallies.fold(now=now, batch=_FOLDED)
    return ImportReport(
        rows=len(understood.forms) + len({refusal.line for refusal in understood.refusals}),
        accepted=len(fresh),
        incomplete=sum(not response.is_complete for response in responses),
        refusals=refusals,
        duplicates=tuple(duplicates),
        new_services=tuple(services.created),
        ignored_columns=understood.ignored,
        written=may_write,
        is_dry_run=dry_run,
    )


def _version_of(survey: Survey) -> QuestionnaireVersion:
    if survey.current_version_id is None:
        raise NotPublished(survey.slug)
    joined = "instrument_version", "survey__agency__region"
    return QuestionnaireVersion.objects.select_related(*joined).get(pk=survey.current_version_id)


def _rules(survey: Survey, version: QuestionnaireVersion, now: datetime, accept_incomplete: bool) -> Rules:
    scale = version.definition["scale"]
    return Rules(
        survey=survey.slug,
        elements=tuple(element["code"] for element in version.definition["elements"]),
        scale=(scale["min"], scale["max"]),
        latest=now.astimezone(version.survey.agency.region.zone).date(),
        accept_incomplete=accept_incomplete,
    )


def _foreign_services(survey: Survey, forms: Iterable[Form]) -> list[Refusal]:
    """A survey of one service cannot take forms about another one."""
    if survey.service is None:
        return []
    own = {"", survey.service.code}, {"", survey.service.name.casefold()}
    return [
        Refusal(form.line, "service", form.service_code or form.service_name, RowFault.OTHER_SERVICE)
        for form in forms
        if code_of(form.service_code) not in own[0]
        or (not form.service_code and form.service_name.casefold() not in own[1])
    ]


def _without_duplicates(forms: Sequence[Form]) -> tuple[list[Form], list[int]]:
    """Forms not stored yet, and the lines of those that are or that repeat within the file."""
    stored: set[str] = set()
    for place in range(0, len(forms), _CHUNK):
        keys = [form.identity for form in forms[place : place + _CHUNK]]
        known = Response.objects.filter(import_key__in=keys).values_list("import_key", flat=True)
        stored.update(key for key in known if key)
    fresh, duplicates = [], []
    for form in forms:
        if form.identity in stored:
            duplicates.append(form.line)
            continue
        stored.add(form.identity)
        fresh.append(form)
    return fresh, duplicates


def code_of(text: str) -> str:
    """A service code as stored: the file's own, in the letters a code may have."""
    return slugify(text)[:40]


class _Services:
    """Services of the survey's agency by code or name; those a file is the first to name are created."""

    def __init__(self, survey: Survey, forms: Iterable[Form], *, create: bool):
        self.survey, self.create = survey, create
        self.created: list[str] = []
        # The name may stand in a later row than the first one with the code.
        self.names = {code_of(form.service_code): form.service_name for form in forms if form.service_name}
        rows = list(survey.agency.services.all())
        self.by_code = {service.code: service for service in rows}
        self.by_name = {service.name.casefold(): service for service in rows}

    def of(self, form: Form) -> Service | None:
        if self.survey.service is not None or not (form.service_code or form.service_name):
            return self.survey.service
        found = self._known(form)
        return found or self._new(form)

    def _known(self, form: Form) -> Service | None:
        if form.service_code:
            return self.by_code.get(code_of(form.service_code))
        return self.by_name.get(form.service_name.casefold())

    def _new(self, form: Form) -> Service:
        code = code_of(form.service_code) or self._free_code(form.service_name)
        # "Layanan 42" is data like the names in the file, not a text of the interface.
        name = form.service_name or self.names.get(code) or f"Layanan {code}"
        service = Service(agency=self.survey.agency, code=code, name=name)
        if self.create:
            service.save()
        self.created.append(f"{service.code}: {service.name}")
        self.by_code[code] = self.by_name[service.name.casefold()] = service
        return service

    def _free_code(self, name: str) -> str:
        base = code_of(name) or "layanan"
        candidates = [base, *(f"{base[:36]}-{number}" for number in range(2, 1000))]
        return next(code for code in candidates if code not in self.by_code)


def _response(form: Form, version: QuestionnaireVersion, service: Service | None, rules: Rules) -> Response:
    region = version.survey.agency.region
    response = Response(
        survey_id=version.survey_id,
        version=version,
        instrument_version_id=version.instrument_version_id,
        service_id=None if service is None else service.pk,
        agency_id=version.survey.agency_id,
        region=region,
        # Files carry days; midday keeps the day in every zone of the country.
        submitted_at=datetime.combine(form.on, time(12), tzinfo=region.zone),
        period_on=form.on,
        channel=Channel.IMPORT,
        key=UUID(form.identity[:32]),
        import_key=form.identity,
    )
    fill(response, version.definition, Answers(form.scores, is_complete=len(form.scores) == len(rules.elements)))
    return response
