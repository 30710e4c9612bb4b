# SPDX-License-Identifier: Apache-2.0
"""Tables of the tests and questions to them."""

EVENTS = """CREATE TABLE {name} (
  id UInt64, ts DateTime64(3, 'UTC'), user_id UInt32, event LowCardinality(String), country LowCardinality(String),
  price Float64, qty Int32, ok Bool, session String, note Nullable(String)
) ENGINE = MergeTree ORDER BY id"""

ORACLE = """CREATE TABLE {name} (
  p Int32, o Int64, crc UInt32, pad String, _partition Int32, _offset Int64
) ENGINE = MergeTree ORDER BY (p, o)"""


def ends_in_table(chdb, name):
    """Where the rows of each partition end, over target and error table."""
    places = f"SELECT _partition AS p, _offset AS o FROM {name}"
    if int(chdb.query(f"EXISTS TABLE {name}_errors")):
        places += f" UNION ALL SELECT partition, offset FROM {name}_errors"
    rows = chdb.query(f"SELECT p, max(o) + 1 FROM ({places}) GROUP BY ALL FORMAT TSV").splitlines()
    return {int(p): int(o) for p, o in (row.split("\t") for row in rows)}


class Ledger:
    """What of the loaded oracle records is where: {(partition, offset): times}."""

    def __init__(self, chdb, table):
        self.target = self._count(chdb, f"SELECT _partition, _offset, count() FROM {table} GROUP BY ALL")
        self.damaged = int(chdb.query(
            f"SELECT count() FROM {table} WHERE CRC32(concat(toString(p), ':', toString(o), ':', pad)) != crc "
            f"OR p != _partition OR o != _offset"))
        errors = f"{table}_errors"
        exists = int(chdb.query(f"EXISTS TABLE {errors}"))
        self.rejected = self._count(
            chdb, f"SELECT partition, offset, count() FROM {errors} GROUP BY ALL") if exists else {}

    @staticmethod
    def _count(chdb, sql):
        rows = (line.split("\t") for line in chdb.query(sql + " FORMAT TSV").splitlines())
        return {(int(partition), int(offset)): int(times) for partition, offset, times in rows}

    def lost(self, spans) -> list:
        return [(partition, offset) for partition, (first, end) in spans.items() for offset in range(first, end)
                if (partition, offset) not in self.target and (partition, offset) not in self.rejected]

    def doubled(self) -> list:
        both = self.target.keys() & self.rejected.keys()
        return [place for place, times in (*self.target.items(), *self.rejected.items()) if times > 1] + list(both)
