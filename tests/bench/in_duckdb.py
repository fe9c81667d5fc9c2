"""The same load and join in DuckDB: python3 in_duckdb.py EXPORT THREADS.

Prints how many flows it read and their octets. The join pairs each flow with every
reverse one of the same start, which is less than the rule of flowpeek asks for.
"""

import sys

import duckdb

FLOW = """STRUCT(
    IPV4_SRC_ADDR VARCHAR, IPV4_DST_ADDR VARCHAR, IPV6_SRC_ADDR VARCHAR, IPV6_DST_ADDR VARCHAR,
    L4_SRC_PORT INTEGER, L4_DST_PORT INTEGER, PROTOCOL INTEGER, TCP_FLAGS INTEGER,
    FIRST_SWITCHED BIGINT, LAST_SWITCHED BIGINT, IN_BYTES BIGINT, IN_PKTS BIGINT)"""
# it stands in a JSON text, which has no line ends
FLOW = " ".join(FLOW.split())

file, threads = sys.argv[1:]
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
db.execute(f"SELECT count(*) {JOIN}").fetchone()
print(*db.execute("SELECT count(*), sum(octets) FROM flows").fetchone())
