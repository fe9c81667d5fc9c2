"""A network of its own, with a name server that knows its guests.

network.py LOG MODE COMMAND...: within fresh network and mount namespaces, brings the loopback
interface up, makes 127.0.0.1 the only name server, runs the command, and answers its questions:

    10.1.x.y  host-x-y.example        10.4.x.y  never
    10.2.x.y  no such name            10.5.0.y  the hostile name of that number
    10.3.x.y  slow-x-y.example, after a third of a second
    any other  other.example

In mode "hang" nothing is ever answered. LOG gets a JSON object a line: each question as it
comes, {"asked": ADDRESS}, and the end, {"ended": UNIX TIME}.
"""

import fcntl
import ipaddress
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time


def labels(*parts):
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


CNAME, PTR = 5, 12
ASKED = b"\xc0\x0c"
LOOP = [labels(b"one", b"example"), labels(b"two", b"example")]
HOSTILE = [
    labels(b"\x1b[31mred\x1b]0;title\x07", b"example"),
    labels(b"\x07\x08\x00\x7f\x9b31m\r\n", b"example"),
    labels(b"10", b"9", b"8", b"7"),
    labels(b"192.0.2.1"),
    labels(b"2001:db8::1"),
    bytes([255]) + b"x" * 255 + b"\0",
    labels(b"y" * 63, b"y" * 63, b"y" * 63, b"y" * 61),
    labels("bücher".encode(), b"example"),
    labels("\u202egnp".encode(), b"example"),
    labels(b"=cmd|' /C calc'!A0", b"example"),
    labels(b'quo"te,<b>', b"example"),
    b"\0",
    b"\xc0\xff",
    b"",
    labels(b"good_one", b"example"),
    # other names for the one that was asked for: its own, two for each other, a good one
    [(ASKED, CNAME, ASKED)],
    [(ASKED, CNAME, LOOP[0]), (LOOP[0], CNAME, LOOP[1]), (LOOP[1], CNAME, LOOP[0])],
    [(ASKED, CNAME, LOOP[0]), (LOOP[0], PTR, labels(b"by_alias", b"example"))],
    [(ASKED, CNAME, LOOP[0]), (LOOP[0], PTR, labels("\u202e\u2066\u200b\u0301".encode(), b"bidi"))],
    [(ASKED, PTR, labels(b"\x1b]52;c;aGk=\x07", b"osc"))] * 40,
    [(ASKED, PTR, labels(*[b"a"] * 126))],
    [(ASKED, PTR, labels(*[b"a"] * 400))],
]
NO_SUCH_NAME = 3


def asked_name(question):
    parts, at = [], 12
    while question[at]:
        parts.append(question[at + 1 : at + 1 + question[at]].decode())
        at += 1 + question[at]
    return parts, at + 5


def address_of(parts):
    if parts[-2:] == ["in-addr", "arpa"]:
        return ipaddress.ip_address(".".join(parts[-3::-1]))
    nibbles = "".join(parts[-3::-1])
    return ipaddress.ip_address(int(nibbles, 16))


def name_of(address):
    """The name on the wire, and after how long; None for never, a number for an error."""
    _, kind, x, y = address.packed if address.version == 4 else (0, 0, 0, 0)
    if address.version == 4 and str(address).startswith("10."):
        if kind == 1:
            return labels(b"host-%d-%d" % (x, y), b"example"), 0
        if kind == 2:
            return NO_SUCH_NAME, 0
        if kind == 3:
            return labels(b"slow-%d-%d" % (x, y), b"example"), 0.3
        if kind == 4:
            return None, 0
        if kind == 5:
            return HOSTILE[y], 0
    return labels(b"other", b"example"), 0


def reply(question, end, name):
    records = [(ASKED, PTR, name)] if isinstance(name, bytes) else name
    code, count = (name, 0) if isinstance(name, int) else (0, len(records))
    message = question[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, count, 0, 0) + question[12:end]
    for owner, kind, data in records if count else []:
        message += owner + struct.pack("!HHIH", kind, 1, 3600, len(data)) + data
    return message


def serve(server, log, hangs):
    while True:
        question, who = server.recvfrom(4096)
        parts, end = asked_name(question)
        address = address_of(parts)
        log.write(json.dumps({"asked": str(address)}) + "\n")
        name, delay = name_of(address)
        if hangs or name is None:
            continue
        answer = reply(question, end, name)
        if delay:
            threading.Timer(delay, server.sendto, (answer, who)).start()
        else:
            server.sendto(answer, who)


def enter():
    """The loopback interface, and 127.0.0.1 as the only source of names."""
    control = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    flags = struct.pack("16sh", b"lo", 0x1 | 0x40)
    fcntl.ioctl(control, 0x8914, flags)
    for name, text in [("resolv", "nameserver 127.0.0.1\n"), ("nsswitch", "hosts: dns\n")]:
        if os.path.exists(f"/etc/{name}.conf"):
            with tempfile.NamedTemporaryFile("w", delete=False) as file:
                file.write(text)
            os.chmod(file.name, 0o644)
            subprocess.run(["mount", "--bind", file.name, f"/etc/{name}.conf"], check=True)
            os.unlink(file.name)


def main():
    path, mode, *command = sys.argv[1:]
    enter()
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    server.bind(("127.0.0.1", 53))
    with open(path, "w", buffering=1) as log:
        threading.Thread(target=serve, args=(server, log, mode == "hang"), daemon=True).start()
        status = subprocess.call(command)
        log.write(json.dumps({"ended": time.time()}) + "\n")
        log.flush()
        os._exit(status)


main()
