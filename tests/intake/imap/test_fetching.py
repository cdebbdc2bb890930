"""Fetching from a real server: every mail once, whatever breaks; nothing flagged, moved or deleted before it is safe."""

from __future__ import annotations

import asyncio

import pytest

from maild.intake.imap.taker import AGAIN_AFTER

pytestmark = pytest.mark.asyncio


@pytest.fixture
def plain(dovecot):
    """A folder of this user without TLS, on loopback."""

    def settings(user: str, *more: str, port: int = 0) -> str:
        return "\n".join((f'host = "127.0.0.1"\nport = {port or dovecot.port}\ntls = false\nuser = "{user}"', *more))

    return settings


async def test_mail_that_arrives_in_idle(start, dovecot, plain, numbered) -> None:
    """A mail that is delivered while the server is listened to is in the spool at once, and seen on the server then."""
    (mail,) = numbered(1)
    async with start(plain("idle")) as desk:
        await desk.lines.wait_for(event="imap idles")
        assert desk.entries() == []
        await asyncio.to_thread(dovecot.deliver, "idle", mail)
        await desk.lines.wait_for(event="imap idles", times=2)
        (entry,) = desk.entries()
        assert desk.raw() == [mail]
        assert (entry.envelope.intake, entry.envelope.trusted, entry.envelope.reverse_path) == ("imap", False, "ann@example.org")
        assert entry.envelope.forward_paths == ("support@example.com",)
        assert await asyncio.to_thread(dovecot.flags, "idle") == {"<m0@example.org>": True}
        assert desk.source.drained_at is not None
        assert desk.source.trouble == ""


async def test_several_folders(start, dovecot, plain, numbered) -> None:
    """Each folder is fetched, and what was taken is flagged, moved or deleted as its own table says."""
    mails = numbered(6)
    for number, (user, folder) in enumerate((("several", "INBOX"), ("several", "Büro & Co"), ("other", "INBOX"))):
        wire = '"B&APw-ro &- Co"' if folder != "INBOX" else folder
        await asyncio.to_thread(dovecot.deliver, user, *mails[number * 2 : number * 2 + 2], folder=wire)
    folders = (
        plain("several"),
        plain("several", 'folder = "Büro & Co"', 'done = "move:Done \\"x\\""', "trusted = true"),
        plain("other", 'done = "delete"'),
    )
    async with start(*folders) as desk:
        await desk.drained(times=3)
        assert sorted(desk.raw()) == sorted(mails)
        assert sum(each.envelope.trusted for each in desk.entries()) == 2
    assert await asyncio.to_thread(dovecot.flags, "several") == {"<m0@example.org>": True, "<m1@example.org>": True}
    assert await asyncio.to_thread(dovecot.flags, "several", '"B&APw-ro &- Co"') == {}
    moved = await asyncio.to_thread(dovecot.flags, "several", '"Done \\"x\\""')
    assert sorted(moved) == ["<m2@example.org>", "<m3@example.org>"]
    assert await asyncio.to_thread(dovecot.flags, "other") == {}


@pytest.mark.parametrize(
    ("done", "hide", "left", "trouble"),
    [
        ("move:Done", (b"MOVE",), {}, ""),
        ("move:Done", (b"MOVE", b"UIDPLUS"), {"<m0@example.org>": True}, "neither MOVE nor UIDPLUS"),
        ("delete", (b"UIDPLUS",), {"<m0@example.org>": True}, "neither MOVE nor UIDPLUS"),
    ],
)
async def test_servers_that_can_less(start, dovecot, plain, proxy, numbered, done, hide, left, trouble) -> None:
    """Without MOVE a mail is copied and removed by its UID; without UIDPLUS it is only flagged, and the operator is told."""
    user = f"less-{done[:4]}-{len(hide)}"
    await asyncio.to_thread(dovecot.deliver, user, *numbered(1))
    async with proxy(dovecot.port, hide=hide) as server, start(plain(user, f'done = "{done}"', port=server.port)) as desk:
        await desk.drained()
        assert len(desk.entries()) == 1
        assert trouble in desk.source.trouble
        assert bool(trouble) == bool(desk.source.trouble)
    assert await asyncio.to_thread(dovecot.flags, user) == left
    assert len(await asyncio.to_thread(dovecot.flags, user, "Done")) == (0 if left else 1)


async def test_polling(start, dovecot, plain, proxy, numbered) -> None:
    """Where the server knows no IDLE, the folder is looked at each `poll`."""
    async with proxy(dovecot.port, hide=(b"IDLE",)) as server, start(plain("poll", 'poll = "1s"', port=server.port)) as desk:
        await desk.drained()
        await asyncio.to_thread(dovecot.deliver, "poll", *numbered(1))
        await desk.lines.wait_for(event="accepted")
        assert desk.lines.count(event="imap idles") == 0


async def test_asked_to_look(start, dovecot, plain, proxy) -> None:
    """Who must know whether mail waits can have the folder looked at before its time."""
    async with proxy(dovecot.port, hide=(b"IDLE",)) as server, start(plain("look", 'poll = "10m"', port=server.port)) as desk:
        await desk.drained()
        desk.source.look()
        await desk.drained(times=2)


async def test_backlog(start, dovecot, plain, numbered) -> None:
    """Three hundred mails that wait are taken in their order, each once, and flagged."""
    mails = numbered(300)
    await asyncio.to_thread(dovecot.deliver, "backlog", *mails)
    async with start(plain("backlog")) as desk:
        await desk.drained()
        assert desk.raw() == mails
    assert list((await asyncio.to_thread(dovecot.flags, "backlog")).values()) == [True] * 300


async def test_old_mail_stays(start, dovecot, plain, numbered) -> None:
    """At first contact what was read is old; of all that comes later, nothing is passed over, read or not."""
    mails = numbered(4)
    await asyncio.to_thread(dovecot.deliver, "old", mails[0], flags="\\Seen")
    await asyncio.to_thread(dovecot.deliver, "old", mails[1])
    async with start(plain("old")) as desk:
        await desk.drained()
        assert desk.raw() == mails[1:2]
    await asyncio.to_thread(dovecot.deliver, "old", mails[2], flags="\\Seen")
    async with start(plain("old")) as desk:
        await desk.lines.wait_for(event="imap idles")
        await asyncio.to_thread(dovecot.deliver, "old", mails[3], flags="\\Seen")
        await desk.lines.wait_for(event="imap idles", times=2)
        assert desk.raw() == mails[1:]


async def test_large_mail(start, dovecot, plain) -> None:
    """Five megabytes come in parts, byte for byte, to a sealed mailbox as well; what no part fills exactly ends there."""
    lines = b"".join(b"%07d %s\r\n" % (number, b"x" * 90) for number in range(51_000))
    mail = b"From: a@example.org\r\nTo: security@example.com\r\nMessage-ID: <large@example.org>\r\n\r\n" + lines
    exact = mail.replace(b"large@", b"exact@")[: 2 * 1_048_576 - 2] + b"\r\n"
    await asyncio.to_thread(dovecot.deliver, "large", mail, exact)
    async with start(plain("large")) as desk:
        await desk.drained()
        assert desk.raw() == [mail, exact]
        assert [each.sealed for each in desk.entries()] == [True, True]


async def test_too_large(start, dovecot, plain, numbered) -> None:
    """A mail over the limit stays as it is, is told of once, and holds up nothing."""
    big = numbered(1, text="x" * 70 + "\r\n", name="big")[0]
    big += b"x" * 998 + b"\r\n"
    await asyncio.to_thread(dovecot.deliver, "limit", big, *numbered(1))
    async with start(plain("limit", "max_size = 900")) as desk:
        await desk.drained()
        assert list(desk.ids()) == ["<m0@example.org>"]
        assert desk.source.drained_at is not None
        told = await desk.sources.large()
        assert [len(mails) for mails in told.values()] == [1]
        await desk.sources.told(told)
        assert await desk.sources.large() == {}
    assert await asyncio.to_thread(dovecot.flags, "limit") == {"<big0@example.org>": False, "<m0@example.org>": True}
    async with start(plain("limit", "max_size = 900")) as desk:
        await desk.drained()
        assert desk.lines.count(event="too large, left in its folder") == 0
        assert await desk.sources.large() == {}


@pytest.mark.parametrize("octets", [1_000, 12_000, 33_000, 50_000])
async def test_connection_that_is_cut(start, dovecot, plain, proxy, numbered, octets: int) -> None:
    """Cut after the n-th octet, wherever that is: each mail once, none lost, and nothing seen that was not safe."""
    user = f"cut{octets}"
    await asyncio.to_thread(dovecot.deliver, user, *numbered(200))
    async with proxy(dovecot.port, cut_after=octets) as server, start(plain(user, port=server.port)) as desk:
        await desk.lines.wait_for(event="imap waits")
        flags = await asyncio.to_thread(dovecot.flags, user)
        safe = desk.ids()
        assert {each for each, seen in flags.items() if seen} <= set(safe)
        await desk.drained()
        assert server.cuts == 1
        assert sorted(desk.ids().items()) == sorted((f"<m{number}@example.org>", 1) for number in range(200))
    assert all((await asyncio.to_thread(dovecot.flags, user)).values())


async def test_cut_before_tidying(start, dovecot, plain, proxy, numbered) -> None:
    """What is safe but not moved yet when the connection breaks is moved later, and not taken again."""
    await asyncio.to_thread(dovecot.deliver, "untidy", *numbered(5))
    async with (
        proxy(dovecot.port, cut_at=b"UID MOVE") as server,
        start(plain("untidy", 'done = "move:Done"', port=server.port)) as desk,
    ):
        await desk.lines.wait_for(event="imap waits")
        assert len(desk.entries()) == 5
        assert len(await asyncio.to_thread(dovecot.flags, "untidy")) == 5
        await desk.drained()
        assert len(desk.entries()) == 5
    assert await asyncio.to_thread(dovecot.flags, "untidy") == {}
    assert len(await asyncio.to_thread(dovecot.flags, "untidy", "Done")) == 5


async def test_server_process_killed(start, dovecot, plain, numbered) -> None:
    """The server's process is killed in the middle of a backlog: each mail once, none lost."""
    await asyncio.to_thread(dovecot.deliver, "killed", *numbered(300, text="x" * 70 + "\r\n" + "y" * 9_000 + "\r\n"))
    async with start(plain("killed")) as desk:
        await desk.lines.wait_for(event="accepted", times=60)
        assert dovecot.kill_sessions() >= 1
        await desk.lines.wait_for(event="imap waits")
        await desk.drained()
        assert desk.lines.count(event="imap connected") == 2
        assert sorted(desk.ids().values()) == [1] * 300


async def test_server_restarts_in_idle(start, dovecot, plain, numbered) -> None:
    """A server that goes away while it is listened to is noticed at once, and mail is fetched when it is back."""
    async with start(plain("restart")) as desk:
        await desk.lines.wait_for(event="imap idles")
        await asyncio.to_thread(dovecot.stop)
        await desk.lines.wait_for(event="imap waits")
        assert desk.source.trouble == ""  # one failure is no trouble of an operator's
        await desk.lines.wait_for(event="imap waits", times=3)
        assert "Connect call failed" in desk.source.trouble
        await asyncio.to_thread(dovecot.start)
        await asyncio.to_thread(dovecot.deliver, "restart", *numbered(1))
        await desk.lines.wait_for(event="accepted")
        await desk.lines.wait_for(event="imap idles", times=2)
        assert desk.source.trouble == ""


async def test_numbered_anew(start, dovecot, plain, numbered) -> None:
    """With another UIDVALIDITY nothing that came since is lost, even if somebody has read it meanwhile."""
    mails = numbered(4)
    await asyncio.to_thread(dovecot.deliver, "anew", *mails[:2])
    async with start(plain("anew")) as desk:
        await desk.drained()
    await asyncio.to_thread(dovecot.deliver, "anew", mails[2], flags="\\Seen")
    await asyncio.to_thread(dovecot.deliver, "anew", mails[3])
    await asyncio.to_thread(dovecot.number_anew, "anew", 4711)
    async with start(plain("anew")) as desk:
        await desk.drained()
        ids = desk.ids()
        assert (ids["<m2@example.org>"], ids["<m3@example.org>"]) == (1, 1)
        assert set(ids) == {f"<m{number}@example.org>" for number in range(4)}
        assert desk.lines.like(event="imap folder")[0]["known"] is True


async def test_wrong_password(start, dovecot, plain, numbered, tmp_path) -> None:
    """A login that is refused is the operator's trouble; neither user nor password is told, and the right one works."""
    await asyncio.to_thread(dovecot.deliver, "person", *numbered(1))
    (tmp_path / "wrong").write_text("hunter2")
    async with start(plain("person", f'password_file = "{tmp_path}/wrong"')) as desk:
        line = await desk.lines.wait_for(event="imap waits")
        assert line["reason"] == "the server said NO [AUTHENTICATIONFAILED] to LOGIN"
        assert line["seconds"] >= 200
        assert desk.source.trouble == f"intake.imap 1 (127.0.0.1): {line['reason']}"
        assert desk.source.drained_at is None
        assert not any(word in str(desk.lines.all) for word in ("person", "hunter2"))
    (tmp_path / "wrong").write_text("secret")
    async with start(plain("person", f'password_file = "{tmp_path}/wrong"')) as desk:
        await desk.drained()
        assert len(desk.entries()) == 1


async def test_no_such_folder(start, plain) -> None:
    """A folder that is not there is the operator's trouble, too."""
    async with start(plain("nobody", 'folder = "Nowhere"')) as desk:
        await desk.lines.wait_for(event="imap waits")
        assert desk.source.trouble.endswith("the server said NO to SELECT")


async def test_tls(start, dovecot, numbered) -> None:
    """TLS is the default, with a private CA where one is named; a certificate that nobody vouches for is refused."""
    await asyncio.to_thread(dovecot.deliver, "tls", *numbered(1))
    table = f'host = "localhost"\nport = {dovecot.tls_port}\nuser = "tls"\npassword_file = "password"\n'
    async with start(table) as desk:
        line = await desk.lines.wait_for(event="imap waits")
        assert line["reason"].startswith("its certificate is not valid: self")
        assert desk.entries() == []
    async with start(f'{table}tls_ca = "{dovecot.certificate}"\n') as desk:
        await desk.drained()
        assert len(desk.entries()) == 1


async def test_no_room(start, dovecot, plain, numbered) -> None:
    """With a full disk nothing is taken and nothing is flagged; with room again, everything is."""
    await asyncio.to_thread(dovecot.deliver, "full", *numbered(3))
    async with start(plain("full"), min_free=1 << 60) as desk:
        await desk.lines.wait_for(event="imap waits", reason="spool: the disk is nearly full")
        assert desk.source.trouble.endswith("the disk is nearly full")
        assert desk.entries() == []
        assert desk.source.drained_at is None
    assert not any((await asyncio.to_thread(dovecot.flags, "full")).values())
    async with start(plain("full")) as desk:
        await desk.drained()
        assert len(desk.entries()) == 3


async def test_another_client_removes_thousands(start, dovecot, plain, numbered) -> None:
    """More news at once than aioimaplib can take end the connection, not the fetching."""
    await asyncio.to_thread(dovecot.deliver, "flood", *numbered(1_500, text=""), flags="\\Seen")

    def remove_all() -> None:
        with dovecot.client("flood") as client:
            client.select("INBOX")
            client.store("1:*", "+FLAGS.SILENT", "\\Deleted")
            client.expunge()

    async with start(plain("flood")) as desk:
        await desk.lines.wait_for(event="imap idles")
        await asyncio.to_thread(remove_all)
        line = await desk.lines.wait_for(event="imap waits")
        assert line["reason"] == "the answer was not understood (RecursionError)"
        await asyncio.to_thread(dovecot.deliver, "flood", *numbered(1, name="new"))
        await desk.lines.wait_for(event="accepted")
        assert list(desk.ids()) == ["<new0@example.org>"]


async def test_mail_that_the_server_cannot_read(start, dovecot, plain, numbered, clock) -> None:
    """Over one mail that it cannot read Dovecot hangs up: it holds up no other, and is let alone; the folder does not count as empty."""
    await asyncio.to_thread(dovecot.deliver, "broken", *numbered(3))
    dovecot.file_of("broken", "m1@example.org").chmod(0)
    async with start(plain("broken")) as desk:
        await desk.lines.wait_for(event="imap looked", left=1)
        assert sorted(desk.ids()) == ["<m0@example.org>", "<m2@example.org>"]
        assert desk.source.drained_at is None
        assert desk.source.trouble.endswith("1 mails cannot be fetched; move them to another folder")
        await asyncio.to_thread(dovecot.deliver, "broken", *numbered(1, name="next"))
        await desk.lines.wait_for(event="imap looked", left=1, times=2)
        assert desk.ids()["<next0@example.org>"] == 1
        dovecot.file_of("broken", "m1@example.org").chmod(0o600)
        clock.forward(AGAIN_AFTER)
        desk.source.look()
        await desk.drained()
        assert desk.ids() == {f"<{name}@example.org>": 1 for name in ("m0", "m1", "m2", "next0")}
        assert desk.source.drained_at is not None
        assert desk.source.trouble == ""


async def test_mail_that_is_moved_away(start, dovecot, plain, numbered) -> None:
    """A mail that cannot be fetched and that somebody moved elsewhere is nobody's any more."""
    await asyncio.to_thread(dovecot.deliver, "away", *numbered(1))
    dovecot.file_of("away", "m0@example.org").chmod(0)
    async with start(plain("away")) as desk:
        await desk.lines.wait_for(event="imap looked", left=1)
        dovecot.file_of("away", "m0@example.org").unlink()
        desk.source.look()
        await desk.drained()
        assert (desk.entries(), desk.source.trouble) == ([], "")
