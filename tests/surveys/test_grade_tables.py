"""Grade tables as a regency may define them."""

from decimal import Decimal

import pytest

from surveys.grade_tables import Fault, Row, lowest_index, table_faults, with_uppers
from surveys.index import BANDS_2017
from surveys.slots import SlotConflict, slots_for


def rows(*bounds):
    return [Row(grade, Decimal(low), Decimal(high)) for grade, low, high in bounds]


OFFICIAL = rows(("A", "88.31", "100"), ("B", "76.61", "88.30"), ("C", "65.00", "76.60"), ("D", "25.00", "64.99"))


def test_the_official_table_is_sound_though_it_has_printed_gaps():
    assert table_faults(OFFICIAL, 4) == []


def test_the_table_of_2004_is_sound():
    assert table_faults(
        rows(("A", "81.26", "100"), ("B", "62.51", "81.25"), ("C", "43.76", "62.50"), ("D", "25", "43.75")), 4
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        (("B", "76.62", "88.30"), (1, Fault.GAP)),
        (("B", "76.60", "88.30"), (1, Fault.OVERLAP)),
        (("B", "88.30", "76.61"), (1, Fault.UPSIDE_DOWN)),
        (("A", "76.61", "88.30"), (1, Fault.SAME_GRADE)),
    ],
)
def test_a_faulty_row_is_named(changed, fault):
    table = [OFFICIAL[0], *rows(changed), *OFFICIAL[2:]]
    assert fault in table_faults(table, 4)


def test_the_ends_of_the_range_must_be_covered():
    table = rows(("A", "50.00", "99.00"), ("B", "30.00", "49.99"))
    assert set(table_faults(table, 4)) == {(1, Fault.BOTTOM), (0, Fault.BELOW_TOP)}
    assert table_faults(rows(("A", "25", "101")), 4) == [(0, Fault.ABOVE_TOP)]
    assert table_faults([], 4) == [(None, Fault.EMPTY)]


@pytest.mark.parametrize(("scale", "lowest"), [(4, "25.00"), (6, "16.66"), (10, "10.00"), (2, "50.00")])
def test_the_lowest_possible_index_follows_the_scale(scale, lowest):
    assert lowest_index(scale) == Decimal(lowest)


def test_upper_bounds_of_a_stored_table_come_from_the_grade_above():
    assert with_uppers([(band.grade, band.lower) for band in BANDS_2017]) == OFFICIAL


# --- Columns of the scores ----------------------------------------------------------------------


def test_a_code_keeps_its_column_and_a_new_one_takes_an_unused():
    assert slots_for(["pengaduan", "baru", "waktu"], {"waktu": 3, "pengaduan": 9, "maklumat": 1}) == {
        "pengaduan": 9,
        "baru": 2,
        "waktu": 3,
    }


def test_with_every_column_used_once_a_new_code_shares_one_with_an_absent_code():
    known = {f"lama{slot}": slot for slot in range(1, 15)}
    assert slots_for(["lama2", "baru"], known) == {"lama2": 2, "baru": 1}


def test_two_codes_bound_to_one_column_cannot_meet_in_a_version():
    with pytest.raises(SlotConflict) as conflict:
        slots_for(["maklumat", "sarana"], {"maklumat": 8, "sarana": 8})
    assert conflict.value.codes == ("maklumat", "sarana")


def test_fifteen_elements_have_no_columns():
    with pytest.raises(ValueError, match="at most 14"):
        slots_for([f"e{number}" for number in range(15)], {})
