"""Support mails for benchmarks: the shared generator's where it is present, else plainer ones of our own. Bytes are the same for a seed."""

from __future__ import annotations

import base64
import random
import subprocess
import sys
from pathlib import Path

SHARED = Path(__file__).resolve().parents[3] / "shared" / "bench" / "gen_corpus.py"
WORDS = [
    "the",
    "invoice",
    "order",
    "stock",
    "tax",
    "is",
    "wrong",
    "blank",
    "twice",
    "since",
    "yesterday",
    "in",
    "our",
    "database",
    "please",
    "help",
    "we",
    "cannot",
    "confirm",
    "it",
]


def mails(folder: Path, count: int, seed: int = 7) -> tuple[str, list[bytes]]:
    """Which generator made them, and the mails, lines ended by CRLF."""
    if SHARED.exists():
        command = [sys.executable, str(SHARED), str(folder), "--count", str(count), "--seed", str(seed), "--no-mbox"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return "shared generator, mixed", [path.read_bytes() for path in sorted(folder.glob("eml/*.eml"))]
    rng = random.Random(seed)
    return "own generator, mixed", [_mail(rng, number) for number in range(count)]


def _mail(rng: random.Random, number: int) -> bytes:
    """One in ten has an attachment of 200 KB; three in ten answer an earlier mail of their author."""
    parent = rng.randrange(number) if number and rng.random() < 0.3 else None
    author = f"user{(parent if parent is not None else number) % 500}@customer{number % 400}.example"
    text = "\r\n".join(" ".join(rng.choices(WORDS, k=12)) for _ in range(30))
    fields = [
        f"From: User <{author}>",
        "To: Support <support@example.com>",
        f"Subject: case {number}",
        f"Message-ID: <{number}@customer.example>",
        "MIME-Version: 1.0",
    ]
    if parent is not None:
        fields += [f"In-Reply-To: <{parent}@customer.example>", f"References: <{parent}@customer.example>"]
    body = f"{text}\r\nVersion: 17.0\r\nDatabase: acme-{number}\r\n"
    if rng.random() >= 0.1:
        return "\r\n".join([*fields, "Content-Type: text/plain; charset=utf-8", "", body]).encode()
    picture = base64.encodebytes(rng.randbytes(200_000)).replace(b"\n", b"\r\n")
    head = "\r\n".join([*fields, 'Content-Type: multipart/mixed; boundary="b"', "", "--b", "Content-Type: text/plain", "", body])
    part = "--b\r\nContent-Type: image/png; name=shot.png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode() + part.encode() + picture + b"--b--\r\n"


def renamed(raw: bytes, epoch: int) -> bytes:
    """The same mail with Message-IDs of another pass, so that nothing is a duplicate."""
    head, separator, body = raw.partition(b"\r\n\r\n")
    lines = []
    for line in head.split(b"\r\n"):
        threads = line.lower().startswith((b"message-id:", b"in-reply-to:", b"references:")) or line[:1] in b" \t"
        lines.append(line.replace(b"@", b".p%d@" % epoch) if threads and b"<" in line else line)
    return b"\r\n".join(lines) + separator + body
