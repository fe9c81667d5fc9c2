#!/usr/bin/env python3
"""Writes a small capture: what nfpcapd, suricata -r or zeek -r make the samples from.

    tests/data/capture.py small.pcap
    nfpcapd -r small.pcap -l DIR && nfdump -r DIR/nfcapd.* -o json > nfdump.json
"""

import socket
import struct
import sys

BEGIN = 1_700_000_000.25


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def packet(src, dst, protocol, payload):
    if ":" in src:
        ends = socket.inet_pton(socket.AF_INET6, src) + socket.inet_pton(socket.AF_INET6, dst)
        header = struct.pack("!IHBB", 6 << 28, len(payload), protocol, 64) + ends
        kind = 0x86DD
    else:
        ends = socket.inet_aton(src) + socket.inet_aton(dst)
        length = 20 + len(payload)
        header = struct.pack("!BBHHHBBH", 0x45, 0, length, 1, 0, 64, protocol, 0) + ends
        header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
        kind = 0x0800
    return bytes.fromhex("020000000001020000000002") + struct.pack("!H", kind) + header + payload


def tcp(sport, dport, flags, data=b""):
    return struct.pack("!HHIIBBHHH", sport, dport, 1, 1, 0x50, flags, 65535, 0, 0) + data


def udp(sport, dport, data):
    return struct.pack("!HHHH", sport, dport, 8 + len(data), 0) + data


def echo(kind, number):
    body = struct.pack("!BBHHH", kind, 0, 0, 7, number) + b"x" * 48
    return body[:2] + struct.pack("!H", checksum(body)) + body[4:]


def talk(at, client, server, sport, dport, sizes):
    """A TCP connection: what the client sends and what comes back, in turn."""
    steps = [(0, 0x02, 0), (1, 0x12, 0), (0, 0x10, 0)]
    for asked, answered in sizes:
        steps += [(0, 0x18, asked), (1, 0x18, answered)]
    steps += [(0, 0x11, 0), (1, 0x11, 0), (0, 0x10, 0)]
    for number, (side, flags, size) in enumerate(steps):
        ends = [(client, server, sport, dport), (server, client, dport, sport)][side]
        data = tcp(ends[2], ends[3], flags, b"d" * size)
        yield at + number * 0.02, packet(ends[0], ends[1], 6, data)


def packets():
    yield from talk(BEGIN, "10.1.0.5", "192.0.2.80", 51000, 443, [(300, 1400), (120, 900)])
    yield from talk(BEGIN + 0.5, "2001:db8::5", "2001:db8:1::80", 51001, 80, [(200, 1000)])
    for number in range(3):
        at = BEGIN + 1 + number * 0.1
        yield at, packet("10.1.0.5", "10.1.0.1", 17, udp(40000 + number, 53, b"q" * 30))
        yield at + 0.004, packet("10.1.0.1", "10.1.0.5", 17, udp(53, 40000 + number, b"a" * 90))
    for number in range(2):
        at = BEGIN + 2 + number
        yield at, packet("10.1.0.5", "192.0.2.80", 1, echo(8, number))
        yield at + 0.01, packet("192.0.2.80", "10.1.0.5", 1, echo(0, number))
    # a scan nobody answers, and what is sent to everyone
    for port in (22, 23):
        yield BEGIN + 3, packet("203.0.113.9", "10.1.0.5", 6, tcp(60000, port, 0x02))
    yield BEGIN + 3.5, packet("10.1.0.5", "224.0.0.251", 17, udp(5353, 5353, b"m" * 40))


def main():
    with open(sys.argv[1], "wb") as out:
        out.write(struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for at, data in sorted(packets(), key=lambda entry: entry[0]):
            micros = round(at * 1_000_000)
            times = micros // 1_000_000, micros % 1_000_000
            out.write(struct.pack("<IIII", *times, len(data), len(data)) + data)


main()
