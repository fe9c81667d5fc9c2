"""The same load and join in DuckDB: python3 in_duckdb.py EXPORT THREADS [groups].

Prints how many flows it read and their octets; with "groups", the milliseconds
of its second answer to each question of `together.rs`, asked of the connections. The join pairs each flow with every
reverse one of the same start, which is less than the rule of flowpeek asks for.
"""

import sys
import time

import duckdb

FLOW = """STRUCT(
    IPV4_SRC_ADDR VARCHAR, IPV4_DST_ADDR VARCHAR, IPV6_SRC_ADDR VARCHAR, IPV6_DST_ADDR VARCHAR,
    L4_SRC_PORT INTEGER, L4_DST_PORT INTEGER, PROTOCOL INTEGER, TCP_FLAGS INTEGER,
    FIRST_SWITCHED BIGINT, LAST_SWITCHED BIGINT, IN_BYTES BIGINT, IN_PKTS BIGINT)"""
# it stands in a JSON text, which has no line ends
FLOW = " ".join(FLOW.split())

file, threads, *rest = sys.argv[1:]
db = duckdb.connect()
db.execute(f"SET threads TO {int(threads)}")
db.execute(
    f"""
    CREATE TABLE flows AS
    WITH packets AS (
        SELECT unnest(map_values(json_transform(
            json, '"MAP(VARCHAR, STRUCT(client JSON, flows {FLOW}[]))"'))) AS packet
        FROM read_ndjson_objects(?, compression = 'gzip')),
    records AS (SELECT packet.client->>0 AS exporter, unnest(packet.flows) AS flow FROM packets)
    SELECT row_number() OVER () AS id, exporter, flow.PROTOCOL AS protocol,
        coalesce(flow.IPV4_SRC_ADDR, flow.IPV6_SRC_ADDR) AS src,
        coalesce(flow.IPV4_DST_ADDR, flow.IPV6_DST_ADDR) AS dst,
        coalesce(flow.L4_SRC_PORT, -1) AS src_port, coalesce(flow.L4_DST_PORT, -1) AS dst_port,
        flow.FIRST_SWITCHED AS first, flow.LAST_SWITCHED AS last,
        flow.IN_BYTES AS octets, flow.IN_PKTS AS packets, flow.TCP_FLAGS AS flags
    FROM records""",
    [file],
)
JOIN = """FROM flows a JOIN flows b
    ON a.exporter = b.exporter AND a.protocol = b.protocol AND a.first = b.first
        AND a.src = b.dst AND a.dst = b.src
        AND a.src_port = b.dst_port AND a.dst_port = b.src_port AND a.id < b.id"""
SUMS = "count(*), sum(sent), sum(received), sum(packets), min(first), max(last)"
TOP = "ORDER BY sum(sent + received) DESC LIMIT 1000"
GROUPINGS = {
    "src_addr": "src",
    "pair": "least(src, dst), greatest(src, dst)",
    "src_net/24": "src_net",
    "dst_port": "dst_port",
    "protocol": "protocol",
    "hour": "first // 3600000",
}


def warm(name, query):
    """Asks twice, and prints how long the second answer took."""
    db.execute(query).fetchall()
    begun = time.perf_counter()
    db.execute(query).fetchall()
    print("group", name, (time.perf_counter() - begun) * 1e3)


if rest == ["groups"]:
    # the source is who sent more; addresses are numbers, as DuckDB likes them best
    db.execute("CREATE TABLE hosts AS SELECT host, row_number() OVER () AS number FROM (SELECT src AS host FROM flows UNION SELECT dst FROM flows)")
    db.execute(
        f"""
        CREATE TABLE rows AS
        WITH pairs AS (SELECT a.*, b.octets AS back, b.packets AS back_packets, b.last AS back_last {JOIN})
        SELECT s.number AS src, d.number AS dst, hash(regexp_extract(s.host, '^(.*)\\.', 1)) AS src_net,
            protocol, dst_port, first, greatest(last, back_last) AS last, octets AS sent, back AS received,
            pairs.packets + back_packets AS packets
        FROM pairs JOIN hosts s ON s.host = pairs.src JOIN hosts d ON d.host = pairs.dst"""
    )
    for name, columns in GROUPINGS.items():
        warm(name, f"SELECT {columns}, {SUMS} FROM rows GROUP BY {columns} {TOP}".replace(f"GROUP BY {columns}", "GROUP BY ALL"))
    ends = "SELECT src AS host, sent, received, packets, first, last FROM rows UNION ALL SELECT dst, received, sent, packets, first, last FROM rows WHERE src <> dst"
    warm("host", f"SELECT host, {SUMS} FROM ({ends}) GROUP BY ALL {TOP}")
    warm("timeline", "SELECT first // 300000, sum(sent + received) FROM rows GROUP BY ALL")
    sys.exit()
db.execute(f"SELECT count(*) {JOIN}").fetchone()
print(*db.execute("SELECT count(*), sum(octets) FROM flows").fetchone())
