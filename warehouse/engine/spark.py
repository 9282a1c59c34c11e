"""Apache Spark: the same definitions and parts, for stores one machine cannot hold.

Needs ``requirements-spark.txt`` and a Java runtime (17 or later). ``ATTAIN_SPARK_MASTER`` names the
cluster; without it Spark runs in this machine's cores.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from warehouse.engine import EngineMissing
from warehouse.tables import TABLES
from warehouse.versions import Version


@dataclass(frozen=True)
class SparkEngine:
    """Reads Parquet parts with Spark SQL."""

    name: str = "spark"
    dialect: str = "pyspark"

    def run(self, sql: str, root: Path, version: Version) -> pa.Table:
        """Answer ``sql`` over the version's parts, as Arrow with exact decimals."""
        session = _with_views(root.resolve(), version)
        return session.sql(sql).toArrow()


def spark_engine() -> SparkEngine:
    """The engine, with the compiler's options in place.

    Raises:
        EngineMissing: Spark is not installed.
    """
    try:
        # Ibis reads options of the backend while compiling, and they exist once it was touched.
        ibis.pyspark  # noqa: B018
    except (ImportError, AttributeError) as error:
        raise EngineMissing(_MISSING) from error
    return SparkEngine()


_MISSING = "Spark is not installed: pip install -r requirements-spark.txt."
_lock = threading.Lock()
_sessions: dict[tuple[Path, str], Any] = {}


def _with_views(root: Path, version: Version) -> Any:
    # A child session has temporary views of its own, so versions never see each other's parts.
    with _lock:
        known = _sessions.get((root, version.id))
        if known is None:
            known = _spark().newSession()
            for table in TABLES:
                _frame(known, table, root, version).createOrReplaceTempView(table)
            _sessions[root, version.id] = known
        return known


def _frame(session: Any, table: str, root: Path, version: Version) -> Any:
    from pyspark.sql.pandas.types import from_arrow_schema

    schema = TABLES[table].arrow
    parts = [str(root / part.path) for part in version.tables.get(table, ())]
    if not parts:
        return session.createDataFrame([], from_arrow_schema(schema))
    return session.read.parquet(*parts).select(*schema.names)


@cache
def _spark() -> Any:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("attain").master(os.environ.get("ATTAIN_SPARK_MASTER", "local[2]"))
    options = {
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.ansi.enabled": "true",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
    }
    for name, value in options.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception as error:
        raise EngineMissing(
            f"Spark did not start; it needs a Java runtime, 17 or later ({error})."
        ) from error
