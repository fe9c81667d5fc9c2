"""The same statistics by nfdump: python3 in_nfdump.py EXPORT.

Sends the export's IPv4 flows as NetFlow v5 to an nfcapd of its own, says how many
of them it wrote, and prints the milliseconds of nfdump's second answer to each
question, which reads nfcapd's file again. nfdump counts flows, not connections,
but for `pairing`, which puts all flows together by both directions and prints none.
"""

import gzip
import ipaddress
import json
import pathlib
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time

QUESTIONS = {
    "src_addr": ["-s", "srcip/bytes"],
    "host": ["-s", "ip/bytes"],
    "pair": ["-A", "srcip,dstip", "-O", "bytes"],
    "src_net/24": ["-A", "srcip4/24", "-O", "bytes"],
    "dst_port": ["-s", "dstport/bytes"],
    "protocol": ["-s", "proto/bytes"],
    "pairing": ["-b", "-o", "null"],
}
MOST = 0xFFFF_FFFF


def records(file):
    for line in gzip.open(file, "rt"):
        for packet in json.loads(line).values():
            for flow in packet["flows"]:
                if "IPV4_SRC_ADDR" in flow:
                    yield record(flow)


def record(flow):
    ends = [int(ipaddress.IPv4Address(flow[f"IPV4_{end}_ADDR"])) for end in ("SRC", "DST")]
    get = lambda name: flow.get(name, 0)
    return struct.pack(
        ">IIIHHIIIIHHBBBBHHBBH", *ends, 0, 0, 0, min(get("IN_PKTS"), MOST), min(get("IN_BYTES"), MOST),
        get("FIRST_SWITCHED") & MOST, get("LAST_SWITCHED") & MOST, get("L4_SRC_PORT"), get("L4_DST_PORT"),
        0, get("TCP_FLAGS") & 255, get("PROTOCOL"), get("SRC_TOS"), 0, 0, 0, 0, 0)


def send(file, port):
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sent, some = 0, []

    def flush():
        nonlocal sent
        header = struct.pack(">HHIIIIBBH", 5, len(some), 400_000_000, 1_700_000_000, 0, sent & MOST, 0, 0, 0)
        out.sendto(header + b"".join(some), ("127.0.0.1", port))
        sent += len(some)
        some.clear()

    for it in records(file):
        some.append(it)
        if len(some) == 30:
            flush()
    if some:
        flush()
    return sent


def collect(file, folder):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    collector = subprocess.Popen(["nfcapd", "-b", "127.0.0.1", "-p", str(port), "-t", "3600", "-l", folder], **quiet)
    try:
        time.sleep(1)
        sent = send(file, port)
        time.sleep(1)
    finally:
        collector.terminate()
        collector.wait()
    return sent


with tempfile.TemporaryDirectory() as folder:
    sent = collect(sys.argv[1], folder)
    told = "".join(
        subprocess.run(["nfdump", "-I", "-r", kept], capture_output=True, text=True).stdout
        for kept in pathlib.Path(folder).glob("nfcapd.*"))
    kept = sum(map(int, re.findall(r"^Flows: (\d+)$", told, re.M)))
    print(f"note {kept} of {sent} IPv4 flows")
    for name, question in QUESTIONS.items():
        for _ in range(2):
            begun = time.perf_counter()
            subprocess.run(["nfdump", "-q", "-R", folder, "-n", "1000", *question], stdout=subprocess.DEVNULL, check=True)
            took = time.perf_counter() - begun
        print("group", name, took * 1e3)
