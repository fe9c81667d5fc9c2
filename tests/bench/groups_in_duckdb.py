"""The same groups and timeline in DuckDB: python3 groups_in_duckdb.py FOLDER THREADS STEP.

Reads the rows and the hosts that `rows.rs` wrote: hosts are numbers, in order of their addresses, and when
and how much is told of both flows of a row, 0 of the source and 1 of the destination. Prints `group NAME` and the
milliseconds of its answer to each question of `together.rs`, the median of some after a first one; `text of NAME`
where hosts are texts, as DuckDB reads them from an export, and not numbers; `all of NAME` where the different hosts
at the other end of the first thousand are counted, too; and `same NAME` with sums by which answers are compared.
"""

import pathlib
import statistics
import sys
import time

import duckdb

folder, threads, step = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
db = duckdb.connect()
db.execute(f"SET threads TO {threads}")
db.execute(f"CREATE TABLE hosts AS FROM read_csv('{folder}/hosts.csv', header = true, types = {{'address': 'UHUGEINT'}})")
db.execute(
    f"""
    CREATE TABLE rows AS
    SELECT src::UINTEGER AS src, dst::UINTEGER AS dst, protocol::SMALLINT AS protocol, dst_port::INTEGER AS dst_port,
        first0::BIGINT AS first0, last0::BIGINT AS last0, first1::BIGINT AS first1, last1::BIGINT AS last1,
        least(first0, first1)::BIGINT AS first, greatest(last0, last1)::BIGINT AS last,
        sent::BIGINT AS sent, received::BIGINT AS received, packets::BIGINT AS packets
    FROM read_csv('{folder}/rows.csv', header = true)"""
)
db.execute("""
    CREATE TABLE texts AS
    SELECT source.text AS src, destination.text AS dst, rows.* EXCLUDE (src, dst)
    FROM rows JOIN hosts source ON source.number = src JOIN hosts destination ON destination.number = dst
    ORDER BY rows.rowid""")
SUMS = """count(*) AS rows, sum(sent) AS sent, sum(received) AS received, sum(packets) AS packets,
    min(first) AS first, max(last) AS last"""
# what an IPv4 address has in front of its 32 bits where it stands for 128
NET = "SELECT number, text, CASE WHEN address >> 32 = 65535 THEN address >> 8 ELSE address >> 64 END AS net FROM hosts"
ENDS = """(SELECT src AS host, dst AS peer, sent, received, packets, first, last FROM {table}
    UNION ALL SELECT dst, src, received, sent, packets, first, last FROM {table} WHERE src <> dst)"""
# what the end with this port sent, to sources
BACK = "(SELECT dst_port, src, received AS sent, sent AS received, packets, first, last FROM rows)"
EITHER = "(SELECT {key} AS key, src AS peer FROM {rows} UNION ALL SELECT {key}, dst FROM {rows})"
OTHER = "(SELECT {key} AS key, {peer} AS peer FROM {rows})"
# each with its rows, the key of a group, and who its peers are
GROUPINGS = {
    "host": (ENDS.format(table="rows"), "host", OTHER.replace("{peer}", "peer")),
    "src_addr": ("rows", "src", OTHER.replace("{peer}", "dst")),
    "pair": ("rows", "least(src, dst)::UBIGINT << 32 | greatest(src, dst)", EITHER),
    "src_net/24": (f"rows JOIN ({NET}) ON src = number", "net", OTHER.replace("{peer}", "dst")),
    "dst_port": (BACK, "dst_port", OTHER.replace("{peer}", "src")),
    "protocol": ("rows", "protocol", EITHER),
    "hour": ("rows", "first0 // 3600000", EITHER),
}
# the rows and the key of those by hosts, where hosts are texts
OF_TEXTS = {
    "host": (ENDS.format(table="texts"), "host"),
    "src_addr": ("texts", "src"),
    "pair": ("texts", "(least(src, dst), greatest(src, dst))"),
    "src_net/24": (f"texts JOIN ({NET}) ON src = text", "net"),
}
RUNS = 5
FLOWS = """(SELECT first0 AS first, last0 AS last, sent AS octets, 0 AS way FROM rows
    UNION ALL SELECT first1, last1, received, 1 FROM rows)"""
# a flow's octets lie evenly on its time, in whole octets; most lie in one step
UNTIL = "CASE WHEN {0} >= last THEN octets WHEN {0} <= first THEN 0 ELSE octets::HUGEINT * ({0} - first) // (last - first) END"
LAID = f"""
    WITH flows AS {FLOWS}, laid AS (
        SELECT first // {step} AS bin, way, octets FROM flows WHERE first // {step} = last // {step}
        UNION ALL
        SELECT bin, way, {UNTIL.format(f"(bin + 1) * {step}")} - {UNTIL.format(f"bin * {step}")}
        FROM (SELECT *, unnest(range(first // {step}, last // {step} + 1)) AS bin
            FROM flows WHERE first // {step} < last // {step}))
    SELECT bin, sum(octets) FILTER (way = 0) AS sent, sum(octets) FILTER (way = 1) AS received FROM laid GROUP BY bin"""


def warm(name, query):
    """Asks again and again, and prints how long answers took, the first one aside."""
    db.execute(query).fetchall()
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        db.execute(query).fetchall()
        times.append((time.perf_counter() - begun) * 1e3)
    print(name, statistics.median(times))


def most(rows, key):
    """The thousand groups with the most octets."""
    return f"SELECT {key} AS key, {SUMS} FROM {rows} GROUP BY ALL ORDER BY sum(sent) + sum(received) DESC LIMIT 1000"


for name, (rows, key, peers) in GROUPINGS.items():
    top = most(rows, key)
    peers = peers.format(rows=rows, key=key)
    whole = f"""WITH top AS MATERIALIZED ({top}),
        peers AS (SELECT key, count(DISTINCT peer) AS peers FROM {peers} WHERE key IN (SELECT key FROM top) GROUP BY key)
        SELECT top.*, peers FROM top JOIN peers ON top.key IS NOT DISTINCT FROM peers.key"""
    warm(f"group {name}", top)
    if name in OF_TEXTS:
        warm(f"text of {name}", most(*OF_TEXTS[name]))
    warm(f"all of {name}", whole)
    # which of those with equal octets are among the thousand is anybody's choice
    told = db.execute(f"""
        WITH told AS ({whole}) SELECT sum(rows), sum(sent), sum(received), sum(packets), sum(first), sum(last), sum(peers)
        FROM told WHERE sent + received > (SELECT min(sent + received) FROM told) OR (SELECT count(*) < 1000 FROM told)""")
    print("same", name, *told.fetchone())
warm("group timeline", LAID)
told = db.execute(f"SELECT sum(sent), sum(received), sum(bin * sent), sum(bin * received) FROM ({LAID})")
print("same timeline", *told.fetchone())
