"""What mail servers put above a text that came from outside, and what only looks like it."""

from __future__ import annotations

import pytest

from maild.mail.reply.banner import banner_end
from maild.mail.reply.lines import lines_of
from maild.mail.reply.scan import scan

ADVICE = "Do not click links or open attachments unless you recognize the sender and know the content is safe."
SAFE = "Be careful with links and attachments."


def below(text: str) -> str:
    """What stands below the banner."""
    lines = lines_of(text)
    return "\n".join(each.text for each in lines[banner_end(lines) :]).strip()


@pytest.mark.parametrize(
    "banner",
    [
        f"CAUTION: This email originated from outside of the organization. {ADVICE}",
        f"CAUTION: This email\noriginated from outside of the organization. {ADVICE.replace('unless', chr(10) + 'unless')}",
        f"[EXTERNAL EMAIL]\n\nThis message came from outside your organization. {SAFE}",
        "CAUTION: This email originated from outside of the organization",
        "You don\u2019t often get email from support@example.com. Learn why this is important",
        "Some people who received this message don't often get email from ann@x.example. Learn why this is important<https://a.example>",
        "This Message Is From an External Sender\nThis message came from outside your organization.",
        "Vous n\u2019obtenez pas souvent d\u2019e-mail \u00e0 partir de ann@x.example. Pourquoi c\u2019est important",
        "No suele recibir correos electr\u00f3nicos de ann@x.example. Por qu\u00e9 es importante",
        "[EXTERNAL]\nThis e-mail comes from an external source.",
        "*** EXTERNAL ***",
        "You don't often get email from ann@sender.example. Learn why this is important<https://aka.example/learn>",
        "[You don't often get email from ann@sender.example. Learn why this is important at https://aka.example/learn ]",
        "ZjQcmQRYFpfptBannerStart\nThis Message Is From an External Sender\nReport Suspicious <https://x.example>\nZjQcmQRYFpfptBannerEnd",
        "ACHTUNG: Diese E-Mail kommt von außerhalb der Organisation. Klicken Sie nicht auf Links und öffnen Sie keine Anhänge.",
        "Sie erhalten nicht oft eine E-Mail von ann@sender.example. Erfahren Sie, warum dies wichtig ist",
        "LET OP: Deze e-mail komt van buiten de organisatie. Klik niet op links en open geen bijlagen.",
        "ATTENTION : Ce courriel provient de l'extérieur de l'organisation. Ne cliquez pas sur les liens.",
        "Vous n'obtenez pas souvent d'e-mail à partir de ann@sender.example. Pourquoi c'est important",
        "PRECAUCIÓN: Este correo electrónico se originó fuera de la organización. No haga clic en enlaces.",
        "ATTENZIONE: questa e-mail proviene dall'esterno dell'organizzazione. Non cliccare sui link.",
        "CUIDADO: Este e-mail foi originado de fora da organização. Não clique em links nem abra anexos.",
        "ADVARSEL: Denne e-mail kommer udefra. Klik ikke på links, og åbn ikke vedhæftede filer.",
        "ADVARSEL: Denne e-posten kommer fra en avsender utenfor organisasjonen. Ikke klikk på lenker.",
        "VARNING: Detta e-postmeddelande kommer utanför organisationen. Klicka inte på länkar och öppna inte bilagor.",
        "VAROITUS: Tämä sähköposti on organisaation ulkopuolelta. Älä napsauta linkkejä.",
        "UWAGA: Ta wiadomość pochodzi spoza organizacji. Nie klikaj linków.",
        "POZOR: Tento e-mail byl odeslán mimo organizaci. Neklikejte na odkazy.",
    ],
)
@pytest.mark.parametrize("blank", ["\n\n", "\n"])
@pytest.mark.parametrize(
    "said",
    [
        "Hello, invoices are not printed any more.",
        "Nothing works any more.\nThanks",
        "No.\n\nAnn",
        "nothing works.",
        "Do not open the old invoice.",
    ],
)
def test_banners(banner: str, blank: str, said: str) -> None:
    """They are nobody's words, with a blank line below or without; and the author's are his, whatever they advise."""
    assert below(f"{banner}{blank}{said}") == said
    assert below(f"\n \n{banner}{blank}{said}") == said


@pytest.mark.parametrize(
    "text",
    [
        "Warning: do not click on Confirm, it crashes.\n\nGreetings",
        "Mails that originated from outside of our organization are refused. Attachments, too.\n\nWhy?",
        f"This email originated from outside of the organization. Why do I see that?\n\n{SAFE}",
        f"Hello,\n\nCAUTION: This email originated from outside of the organization. {ADVICE}\n\nthis stands above all mails. Why?",
        "Caution: the stock module is broken.\nThis email template uses external links. Since when?",
        "Achtung: diese E-Mail wird außerhalb der Bürozeiten nicht zugestellt.\n\nWarum?",
        "Attention: our accountant cannot open this email from an external supplier.\n\nPlease help",
        "Attention, ce message s'affiche quand on est à l'extérieur du réseau.\n\nMerci",
        "This email is never delivered outside of our company. Warning: production is down, 40 people cannot work.\n\nPlease help",
        "This message appears outside of the warehouse app, version 17.0: Warning, do not click.\n\nPlease help",
        "Warning: this message you got from outside is phishing, do not click on the link in it.\n\nWe have blocked the sender.",
        "This email came from outside our company and broke the alias.\n\nPlease help",
        "You don't often get email from us, do you? Learn why this is important.\n\nAnn",
        "This message is from an external sender of ours, Acme: do not open it in the desk, as it breaks the form.\nWhat can we do?",
        "This email from our customer comes from outside and the alias drops it. Please be careful.\nAnn",
        "External orders are lost.\n\nSince Monday.",
        "This mail came from outside our company and broke the alias.\n\nPlease help",
        f"> CAUTION: This email originated from outside of the organization. {ADVICE}\n\nWhat is that?",
    ],
)
def test_words_of_authors(text: str) -> None:
    """A sentence that neither tells where a mail came from nor warns of it is somebody's, and so is all that stands with it."""
    assert below(text) == text


@pytest.mark.parametrize("text", [f"CAUTION: This email originated from outside of the organization. {ADVICE}", "External", ""])
def test_nothing_below(text: str) -> None:
    """Where nothing else is there, it is what the mail says."""
    assert below(text) == text


def test_a_banner_is_not_the_authors() -> None:
    """The walk puts it with what others wrote; what opens right below it is not believed more, or less, for it."""
    banner = f"CAUTION: This email originated from outside of the organization. {ADVICE}"
    found = scan(
        f"{banner}\n\nIt works now.\n\nOn 4 Mar 2026 at 11:02, Ann <a@example.org> wrote:\n> Try again.",
        answers=True,
        forwards=False,
    )
    assert "\n".join(found.own).strip() == "It works now."
    assert found.rest[0] == banner
    assert "> Try again." in found.rest
