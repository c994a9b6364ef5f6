"""Names for addresses: short, without mistakable characters, and never the same twice."""

from directory.lib import tokens


def test_a_public_id_has_only_characters_that_are_not_mistaken() -> None:
    for _ in range(200):
        made = tokens.public_id()
        assert len(made) == tokens.PUBLIC_ID_LENGTH
        assert set(made) <= set(tokens.ALPHABET)
    assert not set("aeiou01l") & set(tokens.ALPHABET)


def test_no_public_id_is_made_twice() -> None:
    assert len({tokens.public_id() for _ in range(5_000)}) == 5_000


def test_a_number_gives_one_id_and_the_next_another() -> None:
    made = [tokens.numbered_public_id(number) for number in range(2_000)]
    assert made == [tokens.numbered_public_id(number) for number in range(2_000)]
    assert len(set(made)) == 2_000
    assert all(len(one) == tokens.PUBLIC_ID_LENGTH for one in made)
