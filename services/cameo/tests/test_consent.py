"""The consent matrix, cell by cell."""

from itertools import product

import pytest
from kinora_cameo.consent import Basis, Refusal, Relation, Route, Scene, Setting, Viewer, decide
from kinora_cameo.domain import Audience

USE = (Route.SUBMIT, Route.DISPATCH, Route.PUBLISH)
OTHERS = (Viewer.PERSON, Viewer.STAFF)
FLAGS = (False, True)
AUDIENCES = (Audience.ONLY_ME, Audience.APPROVED, Audience.MUTUALS, Audience.EVERYONE)

# What another person hears of a live cameo without limits, after its first day: a row per relation, a column per audience.
# y: follows the owner; o: is followed by the owner; m: both.
TABLE = """
                  only_me   approved      mutuals     everyone
  nothing         only_me   not_approved  not_mutual  EVERYONE
  nothing y       only_me   not_approved  not_mutual  EVERYONE
  nothing o       only_me   not_approved  not_mutual  EVERYONE
  nothing m       only_me   not_approved  MUTUAL      EVERYONE
  approved        only_me   APPROVAL      APPROVAL    APPROVAL
  approved y      only_me   APPROVAL      APPROVAL    APPROVAL
  approved o      only_me   APPROVAL      APPROVAL    APPROVAL
  approved m      only_me   APPROVAL      APPROVAL    APPROVAL
  refused         refused   refused       refused     refused
  refused y       refused   refused       refused     refused
  refused o       refused   refused       refused     refused
  refused m       refused   refused       refused     refused
"""


def _cells():
    for line in TABLE.strip().splitlines()[1:]:
        *who, only_me, approved, mutuals, everyone = line.split()
        decided = {"nothing": None, "approved": True, "refused": False}[who[0]]
        ties = who[1] if len(who) > 1 else ""
        relation = Relation(decided, follows=ties in {"y", "m"}, followed=ties in {"o", "m"})
        for audience, cell in zip(AUDIENCES, (only_me, approved, mutuals, everyone), strict=True):
            yield relation, audience, Basis(cell.lower()) if cell.isupper() else Refusal(cell)


CELLS = list(_cells())
PLAIN = {(relation, audience): outcome for relation, audience, outcome in CELLS}
SETTINGS = [Setting(*values) for values in product(AUDIENCES, FLAGS, FLAGS, FLAGS, FLAGS)]
RELATIONS = [Relation(*values) for values in product((None, True, False), FLAGS, FLAGS, FLAGS)]
SCENES = [Scene(*values) for values in product(FLAGS, FLAGS)]
MATRIX = list(product(RELATIONS, SETTINGS, SCENES))


def unblocked(relation):
    return Relation(relation.approved, relation.follows, relation.followed)


@pytest.mark.parametrize("route", [Route.FIND, *USE])
@pytest.mark.parametrize("viewer", OTHERS)
@pytest.mark.parametrize(("relation", "audience", "outcome"), CELLS)
def test_every_cell_of_the_table(viewer, relation, audience, route, outcome):
    assert decide(viewer, relation, Setting(audience), route) == outcome


def test_the_owner_may_do_everything_and_only_oversee_what_is_withdrawn():
    for route, (relation, setting, scene) in product(Route, MATRIX):
        outcome = decide(Viewer.OWNER, relation, setting, route, scene)
        assert outcome == (Refusal.WITHDRAWN if setting.withdrawn and route is not Route.OVERSEE else Basis.OWNER)


@pytest.mark.parametrize("route", [Route.OVERSEE, Route.MANAGE])
def test_nobody_else_manages_or_oversees(route):
    outcomes = {decide(viewer, *cell[:2], route, cell[2]) for viewer, cell in product(OTHERS, MATRIX)}
    assert outcomes == {Refusal.NOT_OWNER}


@pytest.mark.parametrize("route", [Route.FIND, *USE])
def test_every_cell_of_the_whole_matrix(route):
    """All settings, relations and scenes: the strongest reason first, else as in the table."""
    for viewer, (relation, setting, scene) in product(OTHERS, MATRIX):
        use = route is not Route.FIND
        plain = PLAIN[unblocked(relation), setting.audience]
        reasons = [
            (setting.withdrawn, Refusal.WITHDRAWN),
            (relation.blocked, Refusal.BLOCKED),
            (relation.approved is False, Refusal.REFUSED),
            (setting.fresh, Refusal.FRESH),
            (isinstance(plain, Refusal), plain),
            (use and setting.limited, Refusal.UNCHECKED_LIMITS),
            (use and setting.strict and scene.speaks, Refusal.STRICT_SPEECH),
            (use and setting.strict and scene.accompanied, Refusal.STRICT_COMPANY),
            (True, plain),
        ]
        assert decide(viewer, relation, setting, route, scene) == next(outcome for applies, outcome in reasons if applies)


def test_a_wider_audience_never_takes_a_right_away_and_a_limit_never_gives_one():
    def allowed(relation, setting, scene):
        return isinstance(decide(Viewer.PERSON, relation, setting, Route.PUBLISH, scene), Basis)

    for relation, setting, scene in MATRIX:
        rank = AUDIENCES.index(setting.audience)
        if allowed(relation, setting, scene):
            for wider in AUDIENCES[rank:]:
                assert allowed(relation, Setting(wider, setting.fresh, setting.strict, setting.limited, setting.withdrawn), scene)
            assert allowed(relation, Setting(setting.audience), scene)


def test_staff_has_no_right_to_a_likeness_that_a_person_lacks():
    for route, (relation, setting, scene) in product(Route, MATRIX):
        assert decide(Viewer.STAFF, relation, setting, route, scene) == decide(Viewer.PERSON, relation, setting, route, scene)
