"""What one form alone tells about how it was filled in."""

from datetime import UTC, datetime, timedelta

import pytest

from surveys.quality import FLAGS, GRAVE, captured_moment, flags_of, is_grave

NINE = [3, 3, 3, 3, 2, 3, 3, 3, 3]
NOW = datetime(2024, 5, 6, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, ()),
        ({"scores": [3] * 9}, ("straight",)),
        ({"scores": [3, 3, 3]}, ()),
        ({"scores": []}, ()),
        ({"seconds": 4}, ("hasty",)),
        ({"seconds": 5}, ()),
        ({"seconds": 9, "asked": 20}, ("hasty",)),
        ({"seconds": 10, "asked": 20}, ()),
        ({"seconds": None}, ()),
        ({"is_late": True}, ("late",)),
        ({"delay": timedelta(days=7)}, ()),
        ({"delay": timedelta(days=7, seconds=1)}, ("late",)),
        ({"is_trapped": True, "seconds": 0}, ("hasty", "trap")),
        ({"seen": ["staff", "burst", "burst"]}, ("burst", "staff")),
    ],
)
def test_each_sign_has_its_code(known, expected):
    assert flags_of(**({"scores": NINE, "asked": 9} | known)) == expected


def test_an_unknown_code_is_a_programming_error():
    with pytest.raises(ValueError, match="odd"):
        flags_of(scores=NINE, seen=["odd"])


def test_content_and_lateness_alone_are_not_grave():
    assert not is_grave(["straight", "duplicate", "late"])
    assert all(is_grave([code, "straight"]) for code in GRAVE)


def test_every_code_at_once_fits_its_column():
    assert len(" ".join(FLAGS)) <= 120


def test_a_device_cannot_answer_after_its_answer_arrived():
    assert captured_moment(NOW + timedelta(hours=1), NOW) == NOW
    assert captured_moment(NOW - timedelta(hours=1), NOW) == NOW - timedelta(hours=1)
    assert captured_moment(None, NOW) is None
