"""A document as a tree that answers every question."""

from field_core.canon import Json
from field_core.cpe.tree import Leaf, Tree

BODY: Json = {
    "WANDevice": {
        "10": {"A": {"_value": "ten"}},
        "2": {"A": {"_value": "two", "_timestamp": "2026-11-20T23:20:00.000Z"}, "B": {}},
        "_object": True,
        "x": {},
    },
    "Odd": {"_value": {"nested": 1}},
}


def test_instances_come_in_the_order_of_their_numbers() -> None:
    trees = Tree(BODY, "IGD").each("WANDevice.*")

    assert [tree.number for tree in trees] == ["2", "10"]


def test_leaf_has_value_path_and_time() -> None:
    leaf = Tree(BODY, "IGD").leaf("WANDevice.2.A")

    assert leaf == Leaf("two", "IGD.WANDevice.2.A", "2026-11-20T23:20:00.000Z")


def test_leaf_unknown_is_empty() -> None:
    tree = Tree(BODY)

    assert tree.leaf("No.Such") == Leaf(None, "No.Such")
    assert tree.leaf("Odd").is_empty
    assert tree.leaf("No.Such").is_empty
    assert not tree.knows("No.Such")
    assert not Tree("text")


def test_first_is_the_first_that_says_anything() -> None:
    tree = Tree(BODY)

    assert tree.first("No", "WANDevice.10.A", "WANDevice.2.A").value == "ten"
    assert tree.first("No", "Nor") == Leaf(None, "Nor")
    assert tree.first().is_empty


def test_path_may_go_up() -> None:
    below = Tree(BODY).at("WANDevice.2.A")

    assert below.leaf("^^10.A").value == "ten"
    assert Tree(BODY).at("^").path == ""


def test_pattern_without_a_star_is_the_object_itself() -> None:
    tree = Tree(BODY)

    assert [found.path for found in tree.each("WANDevice.2")] == ["WANDevice.2"]
    assert tree.each("No.Such") == []
