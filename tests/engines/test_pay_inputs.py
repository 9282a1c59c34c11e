"""What pay is calculated from is the same on Spark, row for row."""

from __future__ import annotations

import pytest

from compensation.inputs import Inputs
from tests.metrics.small_company import AS_OF, SETTINGS
from tests.support import load_rows, session_of
from tests.workflows.pay.test_inputs import MORE, ROWS, YEAR
from warehouse.access import OWNER, Viewer
from warehouse.engine import Session
from workflows.pay.inputs import inputs

Stores = tuple[Session, Session]
LEADER = Viewer("mia", frozenset({"rep", "manager"}))


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Stores:
    root = tmp_path_factory.mktemp("spark-pay") / "store"
    load_rows(root, {**ROWS, **MORE}, AS_OF, **SETTINGS)
    return session_of(root), session_of(root, "spark")


@pytest.mark.long  # a second Spark beside that of the metrics
@pytest.mark.parametrize(
    ("viewer", "reps", "by_line"),
    [(OWNER, None, True), (OWNER, ("mia", "ann"), False), (LEADER, None, False)],
)
def test_same_inputs_on_both(
    stores: Stores, viewer: Viewer, reps: tuple[str, ...] | None, *, by_line: bool
) -> None:
    duck, spark = (inputs(session, viewer, *YEAR, reps, by_line=by_line) for session in stores)
    for name in Inputs.__dataclass_fields__:
        one, other = getattr(duck, name), getattr(spark, name)
        assert one.num_rows > 0, name
        assert one.schema.equals(other.schema), name
        assert sorted(map(str, one.to_pylist())) == sorted(map(str, other.to_pylist())), name
