"""Keys are rotated while the daemon works: nothing that was given out stops working, and nothing is restarted."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from email.utils import parseaddr


def test_rotated_beside_a_running_desk(daemon, mail: Callable[..., bytes]) -> None:
    """An answer to an old address and one to a new address join their tickets; the front takes the new bounce address at once."""
    desk = daemon()
    desk.start()
    desk.send(mail("The tax is wrong.\n", Subject="one"))
    desk.wait_for(event="mail", state="sent", times=2)
    old = parseaddr(desk.sent()["ann@example.org"]["Reply-To"])[1]
    assert desk.maild("keys", "rotate").returncode == 0
    desk.send(mail("Still.\n", Subject="again", Message_ID="<2@example.org>"), old)
    desk.wait_for(event="mail", state="sent", times=3)
    desk.send(
        mail("The stock is wrong.\n", Subject="two", Message_ID="<3@example.org>", From="Carl <carl@example.org>"),
        sender="carl@example.org",
    )
    desk.wait_for(event="mail", state="sent", times=5)
    new, told = desk.sent()["carl@example.org"], desk.sent()["lea@example.com"]
    with smtplib.SMTP("127.0.0.1", desk.port) as client:
        client.ehlo()
        client.mail("")
        bounce = told["Return-Path"].strip("<>")
        assert client.rcpt(bounce)[0] == 250
        assert client.rcpt(bounce.replace("bounce-", "bounce-0", 1))[0] == 550
    desk.send(
        mail("More.\n", Subject="more", Message_ID="<4@example.org>", From="Carl <carl@example.org>"),
        parseaddr(new["Reply-To"])[1],
        sender="carl@example.org",
    )
    desk.wait_for(event="mail", state="sent", times=6)
    assert [each["number"] for each in desk.tickets()] == [1, 2]
    assert desk.stop() == 0
