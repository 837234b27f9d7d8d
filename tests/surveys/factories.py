"""Instruments as shipped, published surveys, service points and answers."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import factory
from django.conf import settings
from factory.django import DjangoModelFactory

from surveys.models import InstrumentVersion, Survey
from surveys.selectors.forms import version_for
from surveys.services.instruments import load_instruments
from surveys.services.points import create_point
from surveys.services.responses import submit_response
from surveys.services.versions import define, publish_version
from tests.factories import AgencyFactory

PUBLISHED_AT = datetime(2024, 1, 2, 3, tzinfo=UTC)
NOON = datetime(2024, 5, 6, 5, tzinfo=UTC)  # Monday, 12:00 in Bangkalan
ELEMENTS_2017 = ("persyaratan", "prosedur", "waktu", "biaya", "produk", "kompetensi", "perilaku", "sarana", "pengaduan")
COMMENT = {"label": {"id": "Saran", "en": "Suggestion"}}


def instrument(code="skm-2017"):
    """A shipped instrument version, loaded once per test and without the others."""
    found = InstrumentVersion.objects.filter(code=code).first()
    if found is None:
        rows = json.loads((Path(settings.FIXTURES_ROOT) / "instruments.json").read_text(encoding="utf-8"))
        asked = [
            {**row, "versions": [version]} for row in rows for version in row["versions"] if version["code"] == code
        ]
        load_instruments(instruments=asked)
        found = InstrumentVersion.objects.get(code=code)
    return found


class SurveyFactory(DjangoModelFactory):
    """A survey whose first questionnaire is published, with a comment field."""

    class Meta:
        model = Survey

    slug = factory.Sequence(lambda n: f"survei-{n}")
    title = factory.Sequence(lambda n: f"Survei Nomor {n}")
    agency = factory.SubFactory(AgencyFactory)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        code, questions = kwargs.pop("instrument", "skm-2017"), kwargs.pop("questions", ())
        version = instrument(code)
        survey = super()._create(model_class, *args, instrument_version=version, **kwargs)
        definition = define(instrument_version=version, questions=questions, comment=COMMENT)
        publish_version(survey=survey, definition=definition, now=PUBLISHED_AT)
        return survey


def scores(value=3, elements=ELEMENTS_2017, **changes):
    """One posted score per element, all alike but for the changes."""
    given = dict.fromkeys(elements, value) | changes
    return {f"e_{code}": [str(score)] for code, score in given.items()}


def answer(survey, value=3, *, at=NOON, point=None, key=None, service=None, channel="link", extra=None, **changes):
    """One stored answer of ``survey``."""
    version = version_for(survey.slug, survey.current_version_id)
    elements = [element["code"] for element in version.definition["elements"]]
    return submit_response(
        version=version,
        point=point,
        service=service,
        answers={**scores(value, elements, **changes), **(extra or {})},
        key=key or uuid4(),
        channel=channel,
        language="id",
        now=at,
    )


def make_point(survey, **kwargs):
    return create_point(survey=survey, **{"name": "Loket 1", **kwargs})
