from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.search import Said
from core.search.abbreviations import STREETS
from core.search.tokens import (
    LONGEST,
    clean,
    mail_tokens,
    number_tokens,
    phone_tokens,
    place_tokens,
    plain,
    terms,
    tokens,
    words,
)


def answers(typed: str, keys: set[str]) -> bool:
    """Whether each term typed is answered by one of the keys."""
    return all(any(low <= key < high for low, high in t.ranges for key in keys) for t in terms(typed))


def test_accents_apostrophes_and_hyphens_do_not_matter() -> None:
    assert words("O'Brien-Smith, José") == ["obrien", "smith", "jose"]
    assert words("MÜLLER Straße") == ["muller", "strasse"]


@pytest.mark.parametrize("typed", ["o'brien", "obrien", "O’BRIEN jose", "brien", "smith o'b", "José Obr"])
def test_a_name_is_found_however_it_is_typed(typed: str) -> None:
    assert answers(typed, tokens("O'Brien-Smith, José"))


@pytest.mark.parametrize(
    "typed", ["1204 n main st", "1204 North Main Street", "main stree", "main 1204", "nor mai", "street 1204"]
)
@pytest.mark.parametrize("kept", ["1204 N Main St", "1204 NORTH MAIN STREET"])
def test_an_address_is_found_in_either_form_in_any_order(typed: str, kept: str) -> None:
    assert answers(typed, tokens(kept))


def test_saint_is_a_saint_only_in_front_of_a_name() -> None:
    assert answers("saint charles", tokens("12 N St Charles Rd"))
    assert answers("st charles", tokens("12 Saint Charles Rd"))
    assert not answers("saint", tokens("12 Charles St"))


@pytest.mark.parametrize("typed", ["avenue", "ave", "av", "2nd", "second", "apt 4", "apartment 4"])
def test_common_abbreviations_are_alike(typed: str) -> None:
    assert answers(typed, tokens("77 2nd Ave Apt 4"))


@pytest.mark.parametrize(
    "typed", ["10-00123-05", "100012305", "10 00123 05", "00123", "2305", "305", "10-001"]
)
def test_a_number_is_found_by_its_beginning_parts_and_last_digits(typed: str) -> None:
    assert answers(typed, number_tokens("10-00123-05"))


@pytest.mark.parametrize(
    "typed", ["(555) 123-4567", "555.123.4567", "+1 555 123 4567", "123-4567", "4567", "555-123", "1234567"]
)
def test_a_telephone_number_is_found_with_and_without_its_area_code(typed: str) -> None:
    assert answers(typed, phone_tokens("555-123-4567"))
    assert answers(typed, phone_tokens("+1 (555) 123-4567"))


@pytest.mark.parametrize("typed", ["12-340", "12/340", "12340", "12-34"])
def test_a_place_on_a_route_is_found_by_route_and_sequence(typed: str) -> None:
    assert answers(typed, place_tokens("12", 340))


@pytest.mark.parametrize("typed", ["jose.garcia@example.com", "jose.g", "garcia", "Jose.Garcia@exa"])
def test_a_mail_address_is_found_by_its_whole_or_its_words(typed: str) -> None:
    assert answers(typed, mail_tokens("José.Garcia@example.com"))


@pytest.mark.parametrize("typed", ["brian", "smith z", "67"])
def test_what_is_not_there_is_not_found(typed: str) -> None:
    assert not answers(typed, tokens("O'Brien-Smith, José") | phone_tokens("555-123-4567"))


@pytest.mark.parametrize("build", [tokens, number_tokens, phone_tokens, mail_tokens])
@given(text=st.text(max_size=200))
def test_any_text_gives_keys_that_fit_their_column(build: Callable[[str], set[str]], text: str) -> None:
    assert all(0 < len(key) <= LONGEST for key in clean(build(text)))


@given(st.lists(st.from_regex(r"[A-Za-zäöüé]{1,12}", fullmatch=True), min_size=1, max_size=5))
def test_every_word_of_a_name_finds_it(name: list[str]) -> None:
    assert all(answers(word, tokens(" ".join(name))) for word in name)


@pytest.mark.parametrize("typed", ["", "   ", "%", "' OR 1=1 --", "\x00", "-- _%\\"])
def test_strange_input_asks_for_plain_words_or_nothing(typed: str) -> None:
    assert all(low.isalnum() or low[0] in "~@" for term in terms(typed) for low, _ in term.ranges)


@pytest.mark.parametrize("typed", ["12-340", "12/340", "12 340", "12 / 340", "012 34", "12340"])
def test_a_place_is_typed_with_whatever_stands_between_route_and_sequence(typed: str) -> None:
    assert answers(typed, place_tokens("012" if typed.startswith("0") else "12", 340))


def test_a_sequence_alone_is_not_what_people_look_for() -> None:
    assert not answers("340", place_tokens("12", 340))
    assert not answers("13 340", place_tokens("12", 340))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("elm crossing", "9 Elm Xing"), ("elm crssng", "9 Elm Crossing"), ("oak avnue", "9 Oak Ave"),
        ("oak hgwy", "9 Oak Hgwy"), ("oak hiway", "9 Oak Hwy"), ("nth oak", "9 N Oak Loop"),
        ("penthouse", "9 Oak St PH"), ("bsmt", "9 Oak St Basement"), ("twelfth", "9 12th St"),
        ("9 oak trfy", "9 Oak Trafficway"), ("so oak", "9 South Oak Vly"), ("oak valley", "9 South Oak Vly"),
    ],
)  # fmt: skip
def test_street_words_are_found_in_the_forms_that_mail_knows(typed: str, kept: str) -> None:
    assert answers(typed, tokens(kept))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Smith, John", "John Smith"), ("smithjones", "Ann Smith-Jones"), ("delacruz", "Maria De La Cruz"),
        ("de la cruz maria", "De La Cruz, Maria"), ("mcdonald", "Ron Mc Donald"),
        ("mc donald", "McDonald, Ron"), ("obrien", "Pat O Brien"), ("bjorn", "Bjørn Łukasz"),
        ("lukasz", "Bjørn Łukasz"), ("dr grant", "Doctor Grant"),
        ("saint mary", "St Mary School"), ("acme inc", "Acme Incorporated"),
    ],
)  # fmt: skip
def test_names_are_found_however_they_are_written(typed: str, kept: str) -> None:
    assert answers(typed, tokens(kept))


@given(st.sampled_from([line.split() for line in STREETS.split("\n") if line]), st.data())
def test_any_form_of_a_street_word_finds_any_other(forms: list[str], data: st.DataObject) -> None:
    kept, typed = data.draw(st.sampled_from(forms)), data.draw(st.sampled_from(forms))
    assert answers(f"{typed} quill", tokens(f"12 Quill {kept}"))


@given(st.permutations(["1204", "north", "maple", "st", "ada", "o'brien-lee"]))
def test_the_words_of_a_name_and_an_address_are_typed_in_any_order(typed: list[str]) -> None:
    assert answers(" ".join(typed), tokens("Ada O’Brien-Lee") | tokens("1204 N Maple Street"))


@pytest.mark.parametrize("one", ["ϒ", "aϲ", "ᴬda", "ᴭ", "Ⅷ", "ǰ"])
def test_a_sign_that_is_short_for_letters_is_those_letters(one: str) -> None:
    assert plain(plain(one)) == plain(one)


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_was_kept_is_found_by_its_own_words(one: str, other: str) -> None:
    keys = tokens(f"{one} {other}")
    assert all(term.answered_by(keys) for word in words(f"{one} {other}") for term in terms(word))


@given(st.text(st.sampled_from("0123456789 -#./ABst１２é"), max_size=14), st.integers(0, 99_999))
def test_no_key_is_left_unmade_that_would_answer(text: str, typed: int) -> None:
    for make in (tokens, number_tokens, phone_tokens, mail_tokens):
        said = Said("this", text, make, text)
        for term in terms(str(typed)):
            assert said.answers(term) == term.answered_by(make(text))
