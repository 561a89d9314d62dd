import pytest

from rekam.apps.check_scope import CheckScopeRefused, check_scope


@pytest.mark.parametrize(
    ("facts", "kept"),
    [({}, "nation"), ({"check_scope": "nation"}, "nation"), ({"check_scope": "province"}, "province")],
)
def test_a_station_keeps_the_nation_unless_its_place_says_province(facts, kept):
    assert check_scope(facts) == kept


@pytest.mark.parametrize("given", ["regency", "", None, 5, ["province"]])
def test_anything_else_is_refused_before_the_station_starts(given):
    with pytest.raises(CheckScopeRefused, match="check_scope"):
        check_scope({"check_scope": given})
