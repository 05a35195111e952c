"""Words found by what is typed: one text searched gives what looking at each word gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stagewright.analysis.completion.name_index import NameIndex

typing = st.text(alphabet="abA-é.*\0İß", max_size=3)
words = st.lists(st.text(alphabet="abA-é.*\0İß\n", max_size=6), max_size=8)


def folded(text: str) -> str:
    return text.lower().replace("\0", " ")


@given(words, typing)
def test_those_that_begin_so_then_those_that_hold_it(among: list[str], typed: str) -> None:
    looked_at = [place for place, word in enumerate(among) if folded(typed) in folded(word)]
    begin = [place for place in looked_at if folded(among[place]).startswith(folded(typed))]
    others = [place for place in looked_at if place not in begin]
    assert list(NameIndex(among).holding(typed)) == begin + others


@given(words, typing)
def test_those_with_the_letters_in_order(among: list[str], typed: str) -> None:
    def fits(word: str) -> bool:
        letters = iter(folded(word).partition("\n")[0])
        return all(letter in letters for letter in folded(typed))

    looked_at = [place for place, word in enumerate(among) if fits(word)]
    assert list(NameIndex(among).scattered(typed)) == looked_at


@given(words, typing)
def test_the_word_at_a_place(among: list[str], word: str) -> None:
    said = [NameIndex(among).is_word(place, word) for place in range(len(among))]
    assert said == [folded(one).partition("\n")[0] == folded(word) for one in among]


def test_among_tens_of_thousands() -> None:
    many = NameIndex(f"vendor/model-{number}" for number in range(20_000))
    places = many.holding("model-1")
    assert [next(places), next(places), next(places)] == [1, 10, 11]
    assert next(many.holding("vendor/model-19999")) == 19_999
