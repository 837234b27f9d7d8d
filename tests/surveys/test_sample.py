import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.sample import sample_size

PAIRS = json.loads((Path(__file__).parent.parent / "data" / "krejcie_morgan.json").read_text())["pairs"]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: str(pair["N"]))
def test_every_printed_pair_is_the_rounded_formula(pair):
    assert sample_size(pair["N"]) == pair["S"]


def test_nobody_served_needs_no_sample():
    assert sample_size(0) == 0
    assert sample_size(1) == 1


def test_a_negative_population_is_refused():
    with pytest.raises(ValueError, match="negative"):
        sample_size(-1)


@given(st.integers(0, 10**7))
def test_a_sample_never_exceeds_the_population_nor_385(population):
    assert sample_size(population) <= min(population, 385)
    assert sample_size(population) <= sample_size(population + 1)
