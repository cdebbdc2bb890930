"""Where a signature starts: footers, delimiters, closings, cards and their limits, notices."""

from __future__ import annotations

import pytest

from maild.mail.reply.signature import is_footer, signature_at


def signed(text: str) -> str:
    """What is taken for the signature."""
    lines = text.split("\n")
    return "\n".join(lines[signature_at(lines) :]).strip()


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone", "Von meinem iPhone gesendet", "Envoyé depuis mon appareil Galaxy", "Enviado desde mi iPad", "Verstuurd vanaf mijn iPhone",
        "Skickat från min iPhone", "Lähetetty iPhonesta", "Wysłane z iPhone'a", "Az iPhone készülékemről küldve", "Отправлено с iPhone",
        "Надіслано з iPhone", "iPhone'umdan gönderildi", "Odoslané z iPhonu", "נשלח מה-iPhone שלי", "أُرسلت من الـ iPhone", "发自我的 iPhone",
        "從我的 iPhone 傳送", "iPhoneから送信", "나의 iPhone에서 보냄", "Đã gửi từ iPhone của tôi", "Dikirim dari iPhone saya",
        "Get Outlook for Android<https://example.org/get>", "Λήψη του Outlook για iOS", "Sent with Proton Mail secure email.",
    ],
)  # fmt: skip
def test_footers(line: str) -> None:
    """What telephones and programs add, in many languages."""
    assert is_footer(line)


@pytest.mark.parametrize(
    "line",
    [
        "The parcel was sent from my desk.",
        "Can I get Outlook for my Mac?",
        "It was sent from my phone, and it failed. Why so?",
        "Sent from Berlin",
        "",
    ],
)
def test_no_footers(line: str) -> None:
    """Sentences and questions are the author's."""
    assert not is_footer(line)


@pytest.mark.parametrize(
    "closing",
    [
        "Kind regards",
        "Mit freundlichen Grüßen",
        "MIT FREUNDLICHEN GRÜSSEN",
        "Cordialement,",
        "Saludos cordiales",
        "С уважением,",
        "敬具",
        "Üdvözlettel:",
    ],
)
def test_closings(closing: str) -> None:
    """A closing in a line of its own, with a name below."""
    assert signed(f"Hello,\n\nplease help.\n\n{closing}\nAnn Berg\nExample Ltd") == f"{closing}\nAnn Berg\nExample Ltd"


def test_a_closing_and_a_name_in_one_line() -> None:
    """The name is capitalised; else it is a sentence."""
    assert signed("Please help.\n\nBest regards, Ann Berg") == "Best regards, Ann Berg"
    assert signed("Please help.\n\nBest regards to the team of yours") == ""


def test_a_greeting_is_no_closing() -> None:
    """The same word at the top greets; the closing below is still seen."""
    assert signed("Greetings,\n\nplease help.\n\nRegards\nAnn") == "Regards\nAnn"


@pytest.mark.parametrize(
    "below",
    ["\n".join(["Ann"] * 20), "Ann\nP.S. The tax is wrong, too.", "Ann\nIs that all?", "Ann\n" + "a long line " * 10],
)
def test_what_is_no_card(below: str) -> None:
    """Many lines, long ones, questions, and a second thought are words of the author."""
    assert signed(f"Please help.\n\nRegards\n{below}") == ""


def test_delimiters() -> None:
    """RFC 3676, section 4.3: dash, dash, space. Without the space it counts once only."""
    assert signed("Please help.\n-- \nAnn") == "-- \nAnn"
    assert signed("one\n--\ntwo\n--\nthree") == "--\ntwo\n--\nthree"
    assert signed("-- \nAnn") == "-- \nAnn"


def test_notices() -> None:
    """A notice has two words of its kind; one alone may be what the mail is about."""
    notice = "This message is confidential and only for the intended recipient."
    assert signed(f"Please help.\n\n{notice}") == notice
    assert signed("Please help.\n\nIs this confidential?") == ""


def test_in_linear_time() -> None:
    """Many lines that nearly match, and a long one."""
    assert signed("Best regards to\n" * 100_000) == ""
    assert signed("Sent from my " * 150_000) == ""
