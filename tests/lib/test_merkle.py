"""The Merkle tree of RFC 9162, beside known values and another program."""

import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from directory.lib.merkle import (
    EMPTY_ROOT,
    Tree,
    leaf_hash,
    proves_consistency,
    proves_inclusion,
    root,
)

# Leaves and roots with which logs of certificates are tested (Certificate Transparency).
LEAVES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
CONTENTS = [bytes.fromhex(leaf) for leaf in LEAVES]
SIZES = st.integers(1, 40)


def tree_of(size: int) -> Tree:
    return Tree(leaf_hash(b"%d" % number) for number in range(size))


def other_tree(size: int) -> InmemoryTree:
    """The same tree, made by another program."""
    tree = InmemoryTree(algorithm="sha256")
    for number in range(size):
        tree.append_entry(b"%d" % number)
    return tree


def root_of(tree: InmemoryTree, size: int) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return bytes(tree.get_state(size))


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_the_known_ones(size: int) -> None:
    assert root([leaf_hash(one) for one in CONTENTS[:size]]).hex() == ROOTS[size - 1]


def test_a_tree_without_leaves_has_a_root() -> None:
    assert root([]) == EMPTY_ROOT == Tree().root(0)
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_another_program_comes_to_the_same_roots_and_proofs() -> None:
    ours, theirs = tree_of(33), other_tree(33)
    for size in range(1, 34):
        assert ours.root(size) == root_of(theirs, size)
        for index in range(size):
            path = theirs.prove_inclusion(index + 1, size).serialize()["path"]
            assert [ours.leaf(index).hex(), *(one.hex() for one in ours.inclusion(index, size))] == path


@settings(max_examples=50)
@given(SIZES, st.data())
def test_a_proof_of_inclusion_proves_this_leaf_and_no_other(size: int, data: st.DataObject) -> None:
    tree = tree_of(size)
    index = data.draw(st.integers(0, size - 1))
    path = tree.inclusion(index, size)
    whole = tree.root(size)
    assert proves_inclusion(tree.leaf(index), index, size, path, whole)
    assert not proves_inclusion(leaf_hash(b"another"), index, size, path, whole)
    assert not proves_inclusion(tree.leaf(index), index, size, [*path, whole], whole)
    assert not proves_inclusion(tree.leaf(index), size, size, path, whole)
    other = data.draw(st.integers(0, size - 1))
    if other != index:
        assert not proves_inclusion(tree.leaf(index), other, size, path, whole)
    if path:
        assert not proves_inclusion(tree.leaf(index), index, size, path[:-1], whole)


@settings(max_examples=50)
@given(SIZES, st.data())
def test_a_proof_of_consistency_proves_that_a_tree_only_grew(second: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, second))
    tree = tree_of(second)
    path = tree.consistency(first, second)
    old, new = tree.root(first), tree.root(second)
    assert proves_consistency(first, second, old, new, path)
    other = leaf_hash(b"another")
    assert not proves_consistency(first, second, other, new, path)
    assert not proves_consistency(first, second, old, other, path)
    assert not proves_consistency(first, second, old, new, [*path, other])
    assert not proves_consistency(0, second, old, new, path)
    if path:
        changed = data.draw(st.integers(0, len(path) - 1))
        assert not proves_consistency(first, second, old, new, [*path[:changed], other, *path[changed + 1 :]])
        assert not proves_consistency(first, second, old, new, path[:-1])


def test_a_tree_that_was_changed_before_its_old_end_has_no_proof() -> None:
    before, after = tree_of(5), Tree([leaf_hash(b"changed"), *(leaf_hash(b"%d" % one) for one in range(1, 9))])
    assert not proves_consistency(5, 9, before.root(5), after.root(9), after.consistency(5, 9))


def test_what_a_tree_never_had_is_refused() -> None:
    tree = tree_of(3)
    for ask in (
        lambda: tree.root(4),
        lambda: tree.inclusion(3, 3),
        lambda: tree.inclusion(0, 4),
        lambda: tree.consistency(0, 3),
        lambda: tree.consistency(3, 2),
        lambda: tree.consistency(1, 4),
    ):
        with pytest.raises(ValueError, match="tree"):
            ask()
