"""`maild read` and `maild try`: what a mail says, and what would become of it. Nothing is changed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

READ = (
    *("file", "message_id", "in_reply_to", "references", "date", "subject", "from", "reply_to", "to", "cc", "text", "html"),
    *("reply", "forwarded", "attachments", "automatic", "may_answer", "bounce", "list_id", "signed", "encrypted", "defects"),
)
PNG = """--m
Content-Type: text/plain

See the picture.
--
Ann
--m
Content-Type: image/png
Content-Disposition: attachment; filename="../../a.png"

png
--m--
"""


def contents(folder: Path) -> dict[str, str]:
    """Every file of a folder by its digest."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        for path in sorted(folder.rglob("*"))
    }


def test_read_says_all_that_is_promised(place: Any, mail: Callable[..., bytes]) -> None:
    """One JSON object a mail with the keys of docs/interfaces.md, and without a configuration."""
    (place.folder / "maild.toml").unlink()
    place.write(
        "a.eml", mail(PNG, Content_Type='multipart/mixed; boundary="m"', References="<0@berg.example>", Cc="b@berg.example")
    )
    said = place.maild("read", "a.eml", fresh=True)
    assert (said.code, said.err) == (0, "")
    (told,) = said.objects
    assert tuple(told) == READ
    assert told["file"] == "a.eml"
    assert told["date"] == "2026-03-04T11:00:00Z"
    assert told["from"] == [{"name": "Ann Berg", "address": "ann@example.org"}]
    assert (told["references"], told["in_reply_to"], told["message_id"]) == (["0@berg.example"], [], "1@example.org")
    assert told["reply"] == {"text": "See the picture.", "signature": "--\nAnn", "quoted": None}
    (attached,) = told["attachments"]
    assert tuple(attached) == ("name", "type", "size", "sha256", "inline", "content_id")
    assert (attached["name"], attached["size"]) == ("a.png", 3)
    assert attached["sha256"] == hashlib.sha256(b"png").hexdigest()
    assert (told["automatic"], told["bounce"], told["forwarded"], told["may_answer"]) == (None, None, None, True)


def test_read_tells_machines_and_reports(place: Any, mail: Callable[..., bytes]) -> None:
    """Automatic mail and delivery reports have the shapes of docs/interfaces.md."""
    report = (
        "--b\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n\nFinal-Recipient: rfc822; a@b.example\n"
        "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no\n\n--b--\n"
    )
    place.write("away.eml", mail(Auto_Submitted="auto-replied", Subject="Out of office"))
    place.write("dsn.eml", mail(report, Content_Type='multipart/report; report-type=delivery-status; boundary="b"'))
    away, dsn = place.maild("read", "away.eml", "dsn.eml").objects
    assert away["automatic"] == {"kind": "out-of-office", "why": "Auto-Submitted: auto-replied"}
    assert away["may_answer"] is False
    assert dsn["automatic"]["kind"] == "bounce"
    assert dsn["bounce"] == {
        "recipients": [
            {
                "address": "a@b.example",
                "action": "failed",
                "status": "5.1.1",
                "code": "550",
                "reason": "user-unknown",
                "permanent": True,
            }
        ],
        "original_message_id": None,
    }


def test_read_goes_on_after_a_missing_file(place: Any, mail: Callable[..., bytes]) -> None:
    """A file that cannot be opened is told on stderr, ends with 66, and the others are still read."""
    place.write("a.eml", mail(Subject="one"))
    place.write("b.eml", mail(Subject="two"))
    said = place.maild("read", "a.eml", "nowhere.eml", "rules", "b.eml")
    said.failed(66, "nowhere.eml: No such file", "rules: Is a directory")
    assert [each["subject"] for each in said.objects] == ["one", "two"]


def test_read_takes_standard_input(place: Any) -> None:
    """`-` is standard input; whatever octets come, the answer is valid JSON in UTF-8 without NUL."""
    said = place.maild("read", "-", stdin=b"Subject: \xff\xfe\r\n\r\n\x00\xc3\r\n")
    (told,) = said.objects
    assert (said.code, told["file"]) == (0, "-")
    said.raw.decode("utf-8", "strict")
    assert "\\u0000" not in said.out
    assert place.maild("read", "-").objects[0]["defects"]


def test_read_needs_a_file(place: Any) -> None:
    """Without any file the words are wrong."""
    place.maild("read").failed(64, "maild --help")


def test_try_changes_nothing(place: Any, mail: Callable[..., bytes]) -> None:
    """A dry run makes no state folder, and says what would be opened and sent."""
    place.write("a.eml", mail("The tax is wrong. We are on Odoo 17.0.\n"))
    said = place.maild("try", "a.eml", fresh=True)
    assert (said.code, said.err) == (0, "")
    assert not place.state.exists()
    assert said.out.startswith("a.eml: accept (a person's mail)\n")
    for line in (
        "opens a ticket: support, stage qualification, team bugfix, scope in-scope",
        "'17.0' from text:33-37, 70% sure",
        "issues           1",
        "topic            defect 6: ",
        "rule hit         rules/70-bugfix.yaml:1 the product does something wrong",
        "would send       acknowledgement to ann@example.org: [#1] We have received your request",
        "would send       notification to lea@example.com: [#1] Invoice layout",
    ):
        assert line in said.out


def test_try_as_json(place: Any, mail: Callable[..., bytes], ticket_names: tuple[str, ...]) -> None:
    """The dry run as one JSON object a line, shaped as docs/interfaces.md says; proofs read `preview`."""
    place.write("a.eml", mail("The tax is wrong.\n", Subject="Invoice"))
    place.write("b.eml", mail("Hello?\n", From="support@example.com"))
    opened, own = place.maild("try", "a.eml", "b.eml", "--json").objects
    assert tuple(opened) == ("file", "mail", "disposition", "sender", "ticket", "rules", "mails")
    assert tuple(opened["mail"]) == READ
    assert tuple(opened["ticket"]) == (*ticket_names, "joins")
    assert opened["disposition"] == {"value": "accept", "reason": "a person's mail"}
    nothing = "no trusted host says anything about the sender"
    assert opened["sender"] == {"level": 0, "because": nothing, "is": "requester", "how": "new"}
    assert own["sender"] == {"level": 0, "because": nothing, "is": None, "how": None}
    assert (opened["ticket"]["number"], opened["ticket"]["joins"]) == (None, None)
    assert tuple(opened["rules"]) == ("hit", "missed", "topics")
    assert "rules/10-security.yaml:2 mail to the security address" in opened["rules"]["missed"]
    assert [tuple(each) for each in opened["mails"]] == [("class", "to", "from", "subject", "text")] * 2
    assert (own["disposition"], own["ticket"], own["mails"]) == ({"value": "hold", "reason": "own-address"}, None, [])


def test_try_finds_the_recipient(place: Any, mail: Callable[..., bytes]) -> None:
    """--to goes before the mail's own words, and these before the first mailbox."""
    place.write("to.eml", mail(To="Ann <ann@example.org>, upgrade@example.com"))
    place.write("delivered.eml", mail(Delivered_To="emergency@example.com"))
    place.write("nobody.eml", mail(To="ann@example.org"))
    named = place.maild("try", "--json", "to.eml", "delivered.eml", "nobody.eml").objects
    assert [each["ticket"]["service"] for each in named] == ["upgrade", "support", "support"]
    assert named[1]["ticket"]["fields"]["blocking"]["source"] == "address"
    (told,) = place.maild("try", "--json", "--to", "security@example.com", "to.eml").objects
    assert told["ticket"]["service"] == "security"
    (held,) = place.maild("try", "--json", "--to", "postmaster@example.com", "to.eml").objects
    assert held["disposition"] == {"value": "hold", "reason": "for-the-operator"}


def test_try_takes_a_reverse_path(place: Any, mail: Callable[..., bytes]) -> None:
    """--from is the reverse-path: a null one asks for no acknowledgement."""
    place.write("a.eml", mail())
    (told,) = place.maild("try", "--json", "--from", "", "a.eml").objects
    assert [each["class"] for each in told["mails"]] == ["notification"]
    place.write("b.eml", mail(From=None))
    (told,) = place.maild("try", "--json", "--from", "support@example.com", "b.eml").objects
    assert told["disposition"]["reason"] == "own-address"


def test_try_reads_the_live_store(filled: Any, mail: Callable[..., bytes]) -> None:
    """What the desk knows counts: a follow-up joins, a stranger's reference is mentioned, and nothing is written."""
    filled.maild("tickets")  # the first to look makes SQLite's two files beside the database, whoever that is
    before = contents(filled.state)
    follow_up = mail("One more thing.\n", Message_ID="<9@berg.example>", References="<1@berg.example>")
    (joins,) = filled.maild("try", "-", "--json", stdin=follow_up).objects
    assert (joins["ticket"]["joins"], joins["ticket"]["number"]) == (1, 1)
    assert [each["class"] for each in joins["mails"]] == ["notification"]
    stranger = mail("Me, too.\n", From="eve@evil.example", Message_ID="<9@evil.example>", References="<1@berg.example>")
    (opens,) = filled.maild("try", "-", "--json", stdin=stranger).objects
    assert opens["ticket"]["joins"] is None
    assert "[#4]" in opens["mails"][0]["subject"]
    assert "  joins #1: support, stage process, team bugfix" in filled.maild("try", "-", stdin=follow_up).out
    assert contents(filled.state) == before


def test_try_goes_on_after_a_missing_file(place: Any, mail: Callable[..., bytes]) -> None:
    """As `read`: 66 in the end, and the others are tried."""
    place.write("a.eml", mail())
    said = place.maild("try", "nowhere.eml", "a.eml")
    said.failed(66, "nowhere.eml: No such file")
    assert said.out.startswith("a.eml: accept")
