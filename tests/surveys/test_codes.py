from hypothesis import given
from hypothesis import strategies as st

from surveys.codes import ALPHABET, LENGTH, grouped, is_signed, make_code, normalise


def test_a_code_is_accepted_under_its_own_key_only():
    code = make_code("kunci")
    assert is_signed(code, ["kunci"])
    assert not is_signed(code, ["kunci lain"])


def test_a_poster_printed_before_a_key_change_stays_valid():
    assert is_signed(make_code("lama"), ["baru", "lama"])


@given(st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_changing_any_character_breaks_the_signature(place, character):
    code = make_code("kunci")
    forged = code[:place] + character + code[place + 1 :]
    assert is_signed(forged, ["kunci"]) == (forged == code)


@given(st.text(max_size=40))
def test_whatever_somebody_types_is_refused_not_an_error(text):
    assert not is_signed(normalise(text), ["kunci"])


def test_a_typed_code_may_have_separators_small_letters_and_look_alikes():
    code = make_code("kunci", choose=lambda alphabet: alphabet[0])
    typed = grouped(code).lower().replace("0", "o", 3)
    assert normalise(f" {typed} ") == code


def test_codes_do_not_repeat_and_use_the_alphabet():
    codes = {make_code("kunci") for _ in range(500)}
    assert len(codes) == 500
    assert set("".join(codes)) <= set(ALPHABET)
