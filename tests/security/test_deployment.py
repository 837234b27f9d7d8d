"""What a deployment must not start its work with."""

from django.core.checks import run_checks

from core.checks import check_sealing_keys
from core.sealing import seal, unseal


def test_the_sealing_key_of_the_source_is_refused(settings):
    assert [message.id for message in check_sealing_keys()] == ["core.E002"]
    assert unseal(seal("Siti")) == "Siti"  # on a laptop it works


def test_an_own_sealing_key_is_accepted(settings):
    settings.SEALING_KEYS = ["b3duLWtleS1vZi1hbi1pbnN0YWxsYXRpb24tMDAwMDE="]

    assert check_sealing_keys() == []


def test_the_checks_of_a_deployment_name_the_key(db):
    assert "core.E002" in {message.id for message in run_checks(include_deployment_checks=True)}
