"""A short run of `scripts/fuzz`: mails changed at random are read, and come out in the shape that docs/interfaces.md promises."""

from __future__ import annotations

import base64
import binascii
import itertools
import os
import runpy
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from maild.mail.envelope import Envelope
from maild.problem.lexicon import Lexicon

CORPORA = [Path(folder) for folder in os.environ.get("MAIL_CORPORA", "").split(os.pathsep) if folder]
MAX_SIZE = 30_000


@pytest.fixture(scope="module")
def fuzz(root: Path, envelope: Callable[..., Envelope], lexicon: Lexicon) -> Callable[[Sequence[bytes], int, int], None]:
    """Reads so many mutants of these mails; the failure names how the mail was made."""
    mutants = runpy.run_path(str(root / "scripts" / "fuzz" / "mutants.py"))["mutants"]
    check = runpy.run_path(str(root / "scripts" / "fuzz" / "invariants.py"))["check"]

    def run(seeds: Sequence[bytes], count: int, seed: int) -> None:
        for how, raw in itertools.islice(mutants(seeds, seed), count):
            try:
                check(raw, envelope(), lexicon)
            except Exception as error:
                pytest.fail(f"{how}: {type(error).__name__}: {error}: {raw[:2_000]!r}")

    return run


def own_mails(tnef: Any) -> list[bytes]:
    """A mail of each kind that is read in a way of its own."""
    people = b'From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>\r\nTo: "Berg, Ann" <a@b.c>, x@y.z\r\nSubject: =?iso-8859-1?b?RnL2c2NoZQ==?=\r\n'
    ids = b"Message-ID: <1@x>\r\nReferences: <2@x> <3@x>\r\nDate: Wed, 04 Mar 2026 11:00:00 +0100\r\nReceived: from a by b; x\r\n"
    trust = b"Authentication-Results: mx.example.com; dmarc=pass header.from=example.org\r\n"
    text = b"Content-Type: text/plain; charset=utf-8; format=flowed\r\n\r\nVersion: 17.0 \r\nit fails.\r\n\r\n-- \r\nAnn\r\n> quoted\r\n"
    html = b"Content-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>caf=E9</p><table><tr><td>a</table>\r\n"
    file = b"Content-Type: image/png; name*0*=utf-8''caf%C3; name*1*=%A9.png\r\nContent-Disposition: attachment;\r\n filename=\"a b.png\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    rich = tnef.properties(
        tnef.octets(0x1009, b"\x10\0\0\0\x0a\0\0\0MELA\0\0\0\0{\\rtf1 hi}"), tnef.octets(0x1000, b"a\0b\0", 0x1F)
    )
    packed = tnef.container(
        tnef.attribute(1, 0x69003, rich), tnef.file(b"one", tnef.octets(0x3707, b"a.txt\0", 0x1E), title=b"A.TXT")
    )
    uu = b"\r\nbefore\r\nbegin 644 a.bin\r\n" + binascii.b2a_uu(b"hello").replace(b"\n", b"\r\n") + b"`\r\nend\r\nafter\r\n"

    def parts(kind: bytes, *each: bytes) -> bytes:
        head = b"Content-Type: multipart/" + kind + b'; boundary="b=_1"\r\n\r\n'
        return head + b"".join(b"--b=_1\r\n" + part + b"\r\n" for part in each) + b"--b=_1--\r\n"

    bodies = [
        text,
        html,
        uu,
        parts(b"alternative", text, html),
        parts(b"mixed", text, file + base64.encodebytes(b"\x89PNG" * 30)),
        parts(b"mixed", b"Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(packed)),
        parts(b"report; report-type=delivery-status", text, b"Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; a@b.c\r\nAction: failed\r\nStatus: 5.1.1\r\n"),
        parts(b"mixed", b"Content-Type: message/rfc822\r\n\r\n" + people + text, b"Content-Type: text/calendar\r\n\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\n"),
        parts(b"signed; protocol=\"application/pgp-signature\"", text, b"Content-Type: application/pgp-signature\r\n\r\n-----BEGIN PGP SIGNATURE-----"),
    ]  # fmt: skip
    return [people + ids + trust + b"MIME-Version: 1.0\r\n" + body for body in bodies]


def test_mails_of_every_kind_changed_at_random(fuzz: Callable[[Sequence[bytes], int, int], None], tnef: Any) -> None:
    """Nothing raises, the same octets are read alike twice, strings are text, header values one line, names no paths."""
    seeds = own_mails(tnef)
    fuzz(seeds, len(seeds), 0)
    fuzz(seeds, 1_200, 1)


@pytest.mark.parametrize("folder", CORPORA, ids=lambda folder: folder.parent.name)
def test_mails_of_the_world_changed_at_random(fuzz: Callable[[Sequence[bytes], int, int], None], folder: Path) -> None:
    """The same of the mails in the folders that MAIL_CORPORA names, where it does."""
    seeds = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size < MAX_SIZE]
    if not seeds:
        pytest.skip("no mails are here")
    fuzz(seeds, 600, 2)
