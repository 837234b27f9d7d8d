"""A published questionnaire stays what it was: in the database, after a restore, and before the next publication."""

import pytest
from django.core.checks import Tags, run_checks
from django.db import DatabaseError, connection, transaction

from core.triggers import drop
from surveys.errors import DamagedVersion
from surveys.models import QuestionnaireVersion
from surveys.services.versions import damaged_versions, publish_version
from surveys.triggers import RULES
from tests.surveys.factories import NOON, SurveyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    return SurveyFactory().current_version


def damage(version):
    """What a hand in the database, or half a restore, would do once the guards are gone."""
    drop(RULES, "default")
    definition = version.definition | {"profile": ["sex"]}
    QuestionnaireVersion.objects.filter(pk=version.pk).update(definition=definition)


@pytest.mark.parametrize(
    "changes",
    [
        {"definition": {}},
        {"content_hash": "x"},
        {"semantic_hash": "x"},
        {"major": 9},
        {"minor": 9},
        {"published_at": NOON},
    ],
)
def test_the_database_refuses_to_change_a_published_questionnaire(version, changes):
    with pytest.raises(DatabaseError), transaction.atomic():
        QuestionnaireVersion.objects.filter(pk=version.pk).update(**changes)


def test_the_database_refuses_to_delete_one(version):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM surveys_questionnaireversion WHERE id = %s", [version.pk])


def test_the_rendered_copy_may_be_made_again(version):
    QuestionnaireVersion.objects.filter(pk=version.pk).update(rendered={"id": "baru"})
    version.refresh_from_db()
    assert (version.rendered, version.is_intact) == ({"id": "baru"}, True)


def test_a_damaged_version_stops_publishing(version):
    damage(version)
    survey = version.survey
    assert damaged_versions(survey.versions.all()) == [str(version)]
    with pytest.raises(DamagedVersion):
        publish_version(survey=survey, definition=version.definition, now=NOON)


def test_a_damaged_version_is_reported_at_every_start(version):
    damage(version)
    found = run_checks(tags=[Tags.database], databases=["default"])
    assert [str(version) in row.msg for row in found if row.id == "surveys.W001"] == [True]
