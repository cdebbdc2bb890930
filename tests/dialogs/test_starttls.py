"""STARTTLS (RFC 3207): offered where a certificate is configured, and nothing that came before it is believed."""

from __future__ import annotations

import ssl

import pytest

MAIL = ("MAIL FROM:<ann@example.org>", "RCPT TO:<support@example.com>", "DATA")


@pytest.mark.asyncio
async def test_mail_by_tls(serving, certificate: ssl.SSLContext) -> None:
    """Behind STARTTLS the dialogue begins anew, offers no AUTH, and the Received field tells of TLS."""
    async with serving(tls=certificate) as server:
        client = await server.connect()
        await client.reply()
        assert "250-STARTTLS" in await client.say("EHLO client.example")
        assert (await client.say("STARTTLS")).startswith("220 2.0.0")
        await client.secure()
        assert (await client.say("MAIL FROM:<ann@example.org>")).startswith("503")
        offered = await client.say("EHLO client.example")
        assert "STARTTLS" not in offered
        assert "AUTH" not in offered
        assert (await client.say(*MAIL)).startswith("354")
        assert (await client.say("Subject: secret\r\n.")).startswith("250 2.0.0 accepted as")
        assert (await client.say("QUIT")).startswith("221")
        await client.ended()
        ((_, raw),) = server.kept()
        assert b" with ESMTPS\r\n" in raw


@pytest.mark.asyncio
async def test_large_mail_by_tls(serving, certificate: ssl.SSLContext) -> None:
    """A mail of several megabytes comes through TLS byte for byte."""
    content = b"".join(b"%07d %s\r\n" % (number, b"x" * 90) for number in range(20_000))
    async with serving(tls=certificate) as server:
        client = await server.connect()
        await client.greet()
        await client.say("STARTTLS")
        await client.secure()
        await client.say("EHLO client.example", *MAIL)
        await client.send(content + b".\r\n")
        assert (await client.line()).startswith("250 2.0.0 accepted as")
        ((_, raw),) = server.kept()
        assert raw.endswith(b"\r\n" + content)


@pytest.mark.asyncio
async def test_what_stands_behind_starttls_is_dropped(serving, certificate: ssl.SSLContext) -> None:
    """Commands that somebody put in plaintext behind STARTTLS are not taken for the client's (CVE-2024-34083)."""
    async with serving(tls=certificate) as server:
        client = await server.connect()
        await client.greet()
        await client.send(b"STARTTLS\r\nMAIL FROM:<evil@example.org>\r\nRCPT TO:<support@example.com>\r\n")
        assert (await client.line()).startswith("220 ")
        await client.secure()
        assert (await client.say("NOOP")).startswith("250 2.0.0 OK")
        await client.say("EHLO client.example")
        assert (await client.say("RCPT TO:<support@example.com>")).startswith("503")


@pytest.mark.asyncio
async def test_tls_may_be_required(serving, certificate: ssl.SSLContext) -> None:
    """With require_tls no mail is taken in plaintext."""
    async with serving(tls=certificate, require_tls=True) as server:
        client = await server.connect()
        await client.greet()
        assert (await client.say("MAIL FROM:<ann@example.org>")).startswith("530 5.7.0")
        await client.say("STARTTLS")
        await client.secure()
        assert (await client.say("EHLO client.example", *MAIL)).startswith("354")


@pytest.mark.asyncio
async def test_only_once(serving, certificate: ssl.SSLContext) -> None:
    """There is no TLS inside TLS, and none where no certificate is configured."""
    async with serving(tls=certificate) as server:
        client = await server.connect()
        await client.greet()
        await client.say("STARTTLS")
        await client.secure()
        assert (await client.say("EHLO client.example", "STARTTLS"))[:1] in "45"
    async with serving() as server:
        client = await server.connect()
        await client.reply()
        assert "STARTTLS" not in await client.say("EHLO client.example")
        assert (await client.say("STARTTLS")).startswith("454")


@pytest.mark.asyncio
async def test_failed_handshake(serving, certificate: ssl.SSLContext) -> None:
    """A client that talks nonsense instead of TLS is gone, and the server goes on for others."""
    async with serving(tls=certificate) as server:
        client = await server.connect()
        await client.greet()
        await client.say("STARTTLS")
        await client.send(b"this is no TLS\r\n" * 10)
        await client.ended()
        other = await server.connect()
        await other.greet()
        assert (await other.say(*MAIL)).startswith("354")
