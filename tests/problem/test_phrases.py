"""Replies that say one thing and nothing else: the shipped words for thanks and for consent, and all that must not pass for them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.problem.lexicon import Lexicon
from maild.problem.phrases import MAX_PIECES, MAX_TEXT, Phrases, words_of
from maild.rules.patterns import compile_pattern

NAMES = words_of("Ann Berg", "ann.berg", "Emma Laurent", "Raj Patel")

THANKS = [
    "Thanks", "thanks!", "Thanks.", "THANKS", "thank you", "Thank you very much!", "Thank you so much", "Many thanks", "thx", "ty",
    "Thanks a lot!", "thanks again", "Thanks Emma", "Thanks, Emma!", "Thank you Emma Laurent.", "Thank you all", "Thanks everyone!",
    "Hi Emma,\n\nthanks!\n\nAnn", "Hello,\n\nthank you very much.\n\nBest regards\nAnn Berg", "Dear Emma,\nmany thanks.\nKind regards,\nAnn",
    "Perfect, thanks!", "Great - thank you", "Ok thanks", "Okay, thank you", "Great, thanks Emma!", "Excellent. Thanks a million!",
    "Thanks for your help", "Thank you for the quick reply!", "Thanks for all your help!", "Thank you for everything",
    "Many thanks for your support and patience", "Thanks for helping me!", "Thanks so much for the clear explanation",
    "Thanks, it works now", "Thanks, that works!", "It works now. Thank you!", "That worked, thanks", "It works.", "Everything is fine now, thanks",
    "Thanks, the problem is solved", "Issue resolved. Thank you.", "Thanks, that solved the problem!", "Thank you, it is working now",
    "Thanks! You can close this ticket.", "Please close the ticket, thanks", "Much appreciated!", "Really appreciate it, thanks!",
    "Thanks \U0001f44d", "Thank you \U0001f642!", "\U0001f64f Thanks", "Thanks :)", "Thanks;-)", "Good morning,\nthanks!", "Thanks, have a nice day!",
    "Thank you!!!", "thanks...", "Thanks\n\n\n", "  Thanks  ", "Thanks \u2013 Ann", "Thanks, will do", "Got it, thanks", "You\u2019re the best, thanks!",
    "Cheers, thanks", "Thanks,\nAnn", "Thank you once again", "All good, thanks!", "Hi all,\nthanks\nBR\nAnn",
]  # fmt: skip

THANKS += [
    "Danke!", "Vielen Dank", "Herzlichen Dank!", "Danke sch\u00f6n", "Danke f\u00fcr die schnelle Hilfe", "Super, danke Emma!", "Hat geklappt, danke", "Funktioniert jetzt, vielen Dank!",
    "Guten Tag Emma,\n\nvielen Dank, das hat geholfen.\n\nMit freundlichen Gr\u00fc\u00dfen\nAnn Berg", "Danke und sch\u00f6nen Tag noch", "Das Problem ist damit erledigt. Danke.",
    "Merci", "Merci beaucoup!", "Mille mercis", "Merci pour votre aide pr\u00e9cieuse", "Parfait, merci !", "Merci Emma, tout fonctionne.", "C\u2019est r\u00e9gl\u00e9, merci et bonne journ\u00e9e",
    "Bonjour Emma,\n\nje vous remercie.\n\nCordialement\nAnn Berg", "Gracias", "Muchas gracias por la ayuda", "Perfecto, gracias!", "Ya funciona, gracias", "Gracias y buen d\u00eda", "Todo correcto. Saludos",
    "Bedankt", "Hartelijk dank voor de snelle reactie", "Top, bedankt!", "Het werkt weer, dank u wel", "Bedankt en een fijne dag", "Grazie mille", "Perfetto, grazie!", "Ora funziona, grazie", "Tutto a posto. Grazie e buona giornata",
    "Grazie per il supporto", "Obrigado", "Muito obrigada!", "Obrigado pela ajuda", "Perfeito, obrigado", "J\u00e1 funciona, obrigado", "Obrigado e bom dia", "Danke, thanks", "Cheers", "Works now, thank you", "All good now, cheers",
]  # fmt: skip
THANKS += [
    "Ann Berg reacted to your message:\n\U0001f44d", "\U0001f44d Ann reacted via Gmail <https://www.google.com/gmail/about/?utm_source=x>", "\u2764\ufe0f Ann a r\u00e9agi via Gmail",
    "Ann Berg hat auf Ihre Nachricht reagiert: \U0001f389", "\u2764 Ann ha reaccionado a tu mensaje", "\U0001f44d Ann heeft gereageerd via Gmail", "\U0001f600 Ann ha reagito tramite Gmail", "\U0001f64f Ann reagiu \u00e0 sua mensagem",
]  # fmt: skip
MORE = [
    "Ann reacted to your message: \U0001f44e", "Ann reacted to your message: \U0001f622", "Ann reacted to your message: \U0001f62e", "Ann reacted to your price", "\U0001f494 Ann reacted to your message", "\U0001f914 Ann reacted to your message", "Ann reacted to your message", "Our bank has not reacted to your message", "Nobody has reacted to your message.", "Niemand hat auf Ihre Nachricht reagiert", "Zoe reacted to your message",
    "\U0001f44d Ann reacted via Gmail <https://x.example> and calls",
    # questions
    "Thanks?", "Thanks. When will it be done?", "Thanks, does it work now?", "Can you close it? Thanks", "Thanks\u061f", "Thanks\uff1f", "\u00bfThanks",
    # but
    "Thanks but", "Thanks but no thanks", "Thanks, but it still fails", "Thank you, but", "Thanks but it fails", "THANKS BUT IT STILL FAILS",
    "Thanks However", "Thanks anyway", "Thanks though", "Thanks, although", "ok but", "Thanks. Ok but", "Thanks, yes but", "Thanks, except one",
    # more to say
    "Thanks, one more thing", "Thanks. One more thing.", "Thanks, and please send the invoice", "Thanks in advance", "Thank you in advance.",
    "Thanks, please call me", "Thanks, I will try", "Thanks, waiting for your reply", "Thanks. I attached the log", "Thanks for looking into it",
    "Thanks, see the screenshot", "Thanks, also the footer is wrong", "Thanks, 404", "Thanks - error 500", "Thanks. https://x.example", "Thanks 2",
    # not thanks
    "Thank you for nothing, it still fails", "Thank you for nothing", "Thanks for nothing!", "Thanks for the bug", "Thanks for your mistake",
    "Thanks for your help but it still fails", "Thanks for the reply that did not help", "No thanks", "No, thanks", "No. Thank you.", "no", "",
    "Thanks\nNo", "Thanks. No", "Thanks\nStill Broken", "Thanks. Not Working", "Thanks\nIt Fails", "Thanks. Please Reopen", "Thanks. Nothing",
    "Thanks not", "Thanks Nothing", "Thanks. Super slow", "Thanks. Morning failed", "Hi it fails again. Thanks", "Hello this is broken, thanks",
    "Thanks. Good question", "Thanks, nice try", "Great nothing, thanks", "Thanks :(", "Thanks :-(", "Thanks :/", "Thanks \U0001f44e", "Thanks \U0001f622", "Thanks \u274c",
    "thankless", "Thanksgiving is tomorrow", "not thankful", "It does not work", "it works not", "It worked before", "That works only once", "the problem is not solved",
    "ok", "Hello", "Best regards\nAnn", "Ann", "\U0001f44d", "Yes, thanks", "Yes please, thanks", "yes", "Please do. Thanks", "Thanks, yes",
    "Thanks Bob", "Thanks,\nZoe", "Thanks,\nAcme Corp", "thanks\u200b",
    # other languages are not closed yet, nor is what the seven say besides
    "Danke, aber es geht noch nicht", "Danke f\u00fcr nichts", "Vielen Dank, bitte noch den Rest", "Danke, ich probiere es", "Merci mais \u00e7a bloque encore", "Merci de me rappeler",
    "Merci d'avance pour la correction", "Gracias pero sigue igual", "Gracias por nada", "Gracias, lo pruebo ma\u00f1ana", "Bedankt maar het werkt niet", "Bedankt voor niets", "Het werkt niet",
    "Grazie ma non funziona", "Grazie, per\u00f2 resta un errore", "Non funziona", "Obrigado mas n\u00e3o funciona", "N\u00e3o funciona", "Obrigado, falta o relat\u00f3rio", "no funciona",
    "funktioniert nicht", "es geht nicht", "\u00e7a ne marche pas", "funziona solo a met\u00e0", "werkt soms", "Tack", "Dzi\u0119kuj\u0119", "\u8c22\u8c22",
    # far too much
    "Thanks. " * 60, "Thanks " * 200, "Thanks\n" * (MAX_PIECES + 1),
]  # fmt: skip


@pytest.mark.parametrize("text", THANKS)
def test_thanks(lexicon: Lexicon, text: str) -> None:
    """Says nothing but thanks, or that it works now: the ticket may be closed."""
    assert lexicon.thanks(text, NAMES)


@pytest.mark.parametrize("text", MORE)
def test_more_than_thanks(lexicon: Lexicon, text: str) -> None:
    """Something else is said, or may be: an agent must read it."""
    assert not lexicon.thanks(text, NAMES)


def test_enough_of_both() -> None:
    """The tables are worth their name."""
    assert len(THANKS) >= 60
    assert len(MORE) >= 60


CONSENT = {
    "en": ["yes", "Yes.", "YES!", "yes please", "Yes, I agree", "I agree", "I consent.", "Yes I do", "yes, thanks", "Yes thank you", "yes please. Best regards, Ann"],
    "fr": ["oui", "Oui.", "d'accord", "D\u2019accord !", "Oui, je suis d'accord", "j'accepte", "Je consens", "Oui merci"],
    "de": ["ja", "Ja!", "ja gerne", "Ja, gern", "einverstanden", "Ich stimme zu.", "Ja, ich bin einverstanden", "Ja bitte"],
    "es": ["s\u00ed", "Si", "S\u00cd", "si\u0301", "de acuerdo", "S\u00ed, estoy de acuerdo", "acepto", "S\u00ed gracias"],
    "nl": ["ja", "Ja graag", "akkoord", "Ik ga akkoord", "Ja, ik ga akkoord"],
    "it": ["s\u00ec", "Si", "S\u00ec!", "d'accordo", "Sono d\u2019accordo", "acconsento", "accetto"],
    "pt": ["sim", "Sim.", "de acordo", "concordo", "Sim, concordo", "aceito"],
}  # fmt: skip
NO_CONSENT = [
    "", "no", "No.", "nein", "non", "nee", "n\u00e3o", "yes?", "Yes?", "oui?", "\u00bfs\u00ed?", "yes but", "Yes, but not on Friday", "Yes, but", "oui mais", "ja aber", "Ja, aber nicht am Freitag",
    "s\u00ed pero", "ja maar", "s\u00ec ma", "sim mas", "yes and no", "Yes. No.", "Yes\nNo", "Yes. Not Yet", "Yes, Later", "Yes, Monday", "Ja, Montag", "Ja. Nein.", "Yes if it is free",
    "yes, on condition that it is free", "yes for the test only", "yes, please", "not yes", "I do not agree", "I don't agree", "I disagree", "I agree with Bob that it is too early", "yesterday", "yes!?",
    "thanks", "Thank you", "ok", "okay", "fine", "sure", "go ahead", "+1", "\U0001f44d", "y", "yes \U0001f44e", "yes :(", "Yes, it works now", "Yes. You can close this ticket", "hello", "oui non",
    "je ne suis pas d'accord", "nicht einverstanden", "no estoy de acuerdo", "non sono d'accordo", "n\u00e3o concordo", "ik ga niet akkoord", "Yes\n\nPS: call me first", "yes 2", "yes " * 200,
]  # fmt: skip


@pytest.mark.parametrize(("language", "text"), [(language, text) for language, texts in CONSENT.items() for text in texts])
def test_consent(lexicon: Lexicon, language: str, text: str) -> None:
    """A plain yes in seven languages, with politeness and the names of those who write to each other."""
    assert lexicon.consents(text, NAMES)
    assert lexicon.consents(f"Hi Emma,\n\n{text}\n\nKind regards\nAnn Berg", NAMES)


@pytest.mark.parametrize("text", NO_CONSENT)
def test_no_consent(lexicon: Lexicon, text: str) -> None:
    """Anything else is read by a person."""
    assert not lexicon.consents(text, NAMES)


# --- how it works -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def yes() -> Phrases:
    """`yes` is what counts, `please` may stand around it."""
    return Phrases([compile_pattern(r"(?i)\A(?:yes)\z")], [compile_pattern(r"(?i)\A(?:please)\z")])


@pytest.mark.parametrize(
    ("text", "names", "says"),
    [
        ("yes", (), True), ("yes, please", (), True), ("please", (), False), ("yes Ann", ("ann",), True), ("Yes\nANN BERG", ("ann", "berg"), True),
        ("yes Ann", (), False), ("Ann yes", ("ann",), False), ("ann", ("ann",), False), ("yes", ("yes",), False), ("x" * MAX_TEXT, (), False),
        ("yes" + " " * (MAX_TEXT - 3), (), True), ("yes" + " " * (MAX_TEXT - 2), (), False), ("yes\n" * MAX_PIECES, (), True), ("yes\n" * (MAX_PIECES + 1), (), False),
    ],
)  # fmt: skip
def test_pieces(yes: Phrases, text: str, names: tuple[str, ...], says: bool) -> None:
    """Each piece must be known; names count at the end of a piece only."""
    assert yes(text, names) is says


def test_words_of() -> None:
    """The words of names, folded, as people sign: no initials, no numbers, nothing of the domain."""
    assert words_of("Berg, Ann (ACME) J.", "ann.berg42", "\u00c5SA O'Neill") == {"berg", "ann", "acme", "\u00e5sa", "neill"}
    assert words_of() == words_of("", "1 2 3", "x") == frozenset()


@given(st.text(max_size=60))
def test_total(lexicon: Lexicon, text: str) -> None:
    """Whatever is written: an answer, and never a yes to a question."""
    assert lexicon.thanks(text, NAMES) in (True, False)
    assert not lexicon.consents(f"{text}?", NAMES)


@given(
    before=st.sampled_from(["Thanks", "Yes", "Thank you very much", "Sim"]),
    word=st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=9).map("xq{}".format),  # no greeting by chance
)
def test_no_place_for_any_word(lexicon: Lexicon, before: str, word: str) -> None:
    """A word that nobody listed, behind one that counts, is never passed over."""
    for text in (f"{before} {word}", f"{before}. {word.title()}", f"{before}\n{word.title()} {word.title()}"):
        assert not lexicon.thanks(text, NAMES), text
        assert not lexicon.consents(text, NAMES), text


def test_hostile_length(lexicon: Lexicon) -> None:
    """A megabyte of thanks is no thanks, at once."""
    start = time.perf_counter()
    assert not lexicon.thanks("thanks " * 150_000, NAMES)
    assert time.perf_counter() - start < 1
