"""What mailers write, language by language: subjects of reports, their first sentences, words about delivery and about delay.

Pieces of regular expressions, in lower case. Words alone never make a report: see `signs`.
"""
# ruff: noqa: RUF001  the letters of many alphabets

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

_SUBJECTS = {
    "en": (
        "undeliver", "non-?deliver", "not (?:be(?:en)? )?deliver", "undelivrable", "nondeliverable", "nd[nr]:", "dsn:",
        r"bounced?\b",
        r"(?:deliver|sending|transport)[^\n]{0,30}(?:fail|status|error|problem|delay|notification|report|unsuccess|incomplete|warning)",
        r"(?:fail|error|problem|delay|could ?n[o']t|unable)[^\n]{0,30}(?:deliver|sending|notice)", "failure notice", "rejected mail",
        "rejected: ",
        "returned? (?:e-?)?mail", "returned to sender", "returning (?:message )?to sender",
        "mail (?:system error|failure|failed|could not)",
        "message (?:you sent )?(?:blocked|rejected|delayed|returned|could not)",
        "(?:e-?mail|mail|message) (?:delivery|rejected|returned|error)",
        "could not send (?:message|mail)", "cannot send message", "warning: (?:message|could not send)", "error sending",
        "there was an error",
        "user unknown", "unknown (?:user|recipient)", "mailbox (?:is )?full", "postfix smtp server: errors", "loop alert",
        "aws notification message",
    ),
    "de": (
        "unzustell", "nicht zugestellt", "zustell(?:ung|benachrichtigung|fehler)", "nicht zustellbar", "zurückgewiesen",
        "fehler bei der (?:zustellung|übermittlung)",
    ),
    "fr": (
        "non remis", "non distribu", "[ée]chec", "retour de mail", "remise (?:du message|impossible|différée)",
        "notification d['’]état",
        "non délivr", "impossible de (?:remettre|livrer|distribuer)",
    ),
    "es": (
        "no (?:se )?(?:ha podido|pudo|puede)? ?(?:ser )?entreg", "no entregado", "devuelto",
        "error (?:de|en la) entrega", "no entregable",
        "notificaci[oó]n (?:de|sobre el) (?:estado|entrega)", "fallo en la entrega",
    ),
    "pt": (
        "não (?:foi )?(?:entreg|pôde)", "nao entregue", "devolvid[ao]", "falha (?:na|de) entrega",
        "não é possível entregar",
    ),
    "it": (
        "mancato recapito", "non recapit", "recapito non riuscito", "mancata consegna", "non consegnat",
        "consegna non riuscita",
        "impossibile (?:recapitare|consegnare)", "errore (?:di|nella) consegna",
    ),
    "nl": ("niet (?:worden )?(?:afgeleverd|bezorgd|bezorgbaar)", "onbestelbaar", "bestelling mislukt", "aflevering"),
    "sv": ("obeställbar", "kunde inte levereras", "leveransfel", "oleverer"),
    "da, no": ("kunne ikke leveres", "kan ikke leveres", "leveringsfeil", "uleverlig", "ikke leveret"),
    "fi": ("toimitus", "ei voitu toimittaa", "palautettu"),
    "pl": ("nie (?:można )?(?:zosta[łl][ao] )?(?:dostarcz|doręcz)", "niedostarcz", "zwrot"),
    "cs, sk": ("nedoruč", "nebyla doručena", "nelze doručit", "nepodařilo se doručit"),
    "hu": ("kézbesít",),
    "tr": ("iletilemedi", "teslim edil", "ulaştırılamadı"),
    "ro": ("nu a putut fi livrat", "nelivrat"),
    "hr, sr, sl": ("nije (?:isporu|dostavlj)", "ni bil[ao]? dostavljen"),
    "ru, bg": (
        "не доставл", "не уда[её]тся доставить", "недоставен", "не может быть доставлен", "недостав", "невозможно доставить",
        "ошибка доставки",
    ),
    "uk": ("не вдалося доставити", "не доставлено"),
    "el": ("αποτυχία", "δεν παραδόθηκε"),
    "he": ("לא נמסר", "לא ניתן למסור"),
    "ar": ("تعذر", "فشل تسليم", "لم يتم"),
    "vi, th": ("không (?:gửi|thể gửi)", "ไม่สำเร็จ", "ไม่สามารถส่ง"),
    "ja": (
        "配信(?:不能|できません|エラー|失敗)", "配信できな", "送信(?:できません|エラー|失敗)", "エラー通知", "[不未]達",
        "返送",
        "メールを送信できません", "メッセージを配信できません",
    ),
    "zh": ("退信", "无法投递", "無法投遞", "无法传递", "無法傳遞", "投递失败", "退回", "未送达", "傳遞失敗"),
    "ko": ("발송 ?실패", "배달(?:되지| 못)", "전송 ?실패", "반송"),
}  # fmt: skip

_OPENINGS = {
    "en": (
        r"this is the (?:[\w.-]{1,20} ){0,4}(?:program|mail|mailer|postfix|system|agent|daemon|server)", "hi\\. this is the",
        "this (?:message was created automatically|report relates to|is an automatically generated delivery|delivery status notification)",
        "delivery (?:to the following|has failed|failed|of the following|status notification)",
        r"(?:message|mail|e-?mail)[^\n]{0,60}(?:was not|wasn'?t|were not|could not|couldn'?t|cannot|can not|has not(?: yet)?) be(?:en)?"
        r" (?:deliver|sent|complet|reach)",
        "(?:was not|wasn'?t|could not be|couldn'?t be|has not been|cannot be|was un|is un) ?deliver", "undeliverable",
        "(?:unable|failed|not able|fail) to (?:deliver|send)", "did not reach (?:the following|some or all)",
        "(?:cannot|could not) be reached",
        "had (?:delivery|permanent|transient|trouble)",
        "transcript of (?:the )?session", r"following (?:address|recipient)[^\n]{0,30}(?:fail|had|did|were|could|was)",
        r"(?:address|recipient)(?:es|s)?[^\n]{0,30}(?:rejected|failed|returned permanent)", "failure reasons",
        "unknown user:",
        "invalid (?:final delivery|user|recipient)", "delivery failed", "permanent (?:error|failure|fatal)",
        "no valid recipients",
        "reason for (?:the )?(?:problem|failure|non-?delivery)", "error occurred while (?:trying|attempting)",
        "error delivering",
        r"delivery of (?:the|your) [^\n]{0,20}(?:stopped|blocked)", "trouble delivering", "non-?delivered",
        "returned to sender",
        "final-recipient:", "reporting-mta:", "diagnostic-code:", "generating server:", "received >>>", "server message",
        '"notificationtype"', "duplicated message-id", "this account is disabled", "mailbox (?:is )?full",
        "you have tried to contact",
        "group you tried to contact", "automatically rejected", r"groups\.google\.com",
    ),
    "de": (
        "konnte (?:leider )?(?:noch )?(?:nicht|für)", "nicht zugestellt", "unzustellbar", "nicht zustellbar",
        "fehler bei der nachricht",
    ),
    "fr": (
        "n['’]a (?:pas )?pu être", "n['’]ont pas (?:pu )?(?:être )?", "n['’]a pas été (?:remis|distribu|délivr)",
        "impossible de remettre", "échec de la remise",
    ),
    "es": (
        r"no (?:se )?(?:ha podido|pudo|puede|pudieron)[^\n]{0,30}entreg", "no ha sido entregad", "no pudo ser entregad",
        "error de entrega",
        "no se encontró",
    ),
    "pt": (r"n[aã]o (?:p[oô]de|foi poss[ií]vel|foi|pode)[^\n]{0,24}(?:entreg|enviad)",),
    "it": (r"non (?:è stato|è|ha) (?:possibile |potuto )?(?:recapit|consegn|essere)", "impossibile recapitare"),
    "nl": ("niet (?:worden )?(?:afgeleverd|bezorgd)",),
    "sv": ("kunde inte (?:levereras|skickas)", "gick inte att leverera"),
    "da, no": ("kunne ikke leveres", "kan ikke leveres", "levering mislyk"),
    "fi": ("ei voitu toimittaa", "toimittaminen epäonnistui"),
    "pl": (r"nie (?:można|udało się|mogła|został[ao]?|powiodło)[^\n]{0,24}(?:dostarcz|doręcz)", "nie powiodło się"),
    "cs, sk": ("nelze doručit", "nebyl[ao]? doručen", "nepodařilo se doručit", "se nezdařilo"),
    "hu": ("nem (?:sikerült|lehet) kézbesíteni",),
    "tr": ("(?:teslim edilemedi|iletilemedi|ulaştırılamadı)",),
    "ro": ("nu a putut fi livrat",),
    "hr, sr, sl": ("nije (?:isporuč|dostavlj)",),
    "ru, bg, uk": (
        r"(?:сбой|не (?:может быть|было|беше|уда[её]тся|удалось|был[ао]?))[^\n]{0,16}достав", "не доставлено",
        "не вдалося доставити",
    ),
    "el": ("δεν (?:ήταν δυνατή|παραδόθηκε)",),
    "he, ar": ("לא ניתן למסור", "נכשלה", "تعذر تسليم"),
    "vi, th": ("không thể gửi", "ไม่สามารถส่ง"),
    "ja": (
        "(?:送信|配信|配送)できませんでした", "配達できません", "お届けできません", "エラーのため", "見つかりません",
        "配信に失敗", "配信されません",
    ),
    "zh": ("无法(?:投递|送达|发送)", "未能(?:送达|传递)", "無法(?:傳送|投遞)", "(?:投递|发送)失败"),
    "ko": ("배달(?:되지|하지)", "전송하지 못", "전달되지"),
}  # fmt: skip

# What of a mailer's sentence may stand before the address of a recipient.
_ABOUT_DELIVERY = {
    "en": (
        "deliver", "delever", "recipient", "addressee", "address", r"\breach", r"\buser", "mailbox", r"\bfail", "rcpt",
        "unknown", "account",
        "errors?:", "attempt", "could not be sent", "unable to send", r"\bsent to", "send to", "message (?:you sent )?to",
    ),
    "de": ("zugestellt", "zustell", "empfänger", "adress"),
    "fr": ("destinat", "distribu", "remis", "remettre"),
    "es, pt": ("entreg", "enviad"),
    "it": ("consegn", "recapit", "inviat"),
    "nl": ("bezorg", "ontvanger", "afgelever"),
    "sv, da, no": ("lever", "mottag", "modtag"),
    "fi": ("vastaanott", "toimit"),
    "pl, cs, hr": ("doręcz", "dostarcz", "odbiorc", "doruč", "příjemc", "isporuč", "primatelj"),
    "hu, tr, ro": ("kézbesít", "címzett", "teslim", "alıcı", "livrat"),
    "el, ru, uk": ("παράδ", "παραλήπτ", "достав", "получател", "адрес", "одержувач"),
    "ja, zh, ko": (
        "宛先", "あて先", "送信", "配信", "アドレス", "收件", "投递", "投遞", "傳送", "发送", "수신", "배달",
        "전송",
    ),
    "he, ar": ("נמען", "المستلم", "تسليم"),
}  # fmt: skip
# And what may not: the sentence is about a sender, or tells whom to ask.
_NOT_ABOUT = (
    "contact", "help", "support@", "assistance", "questions?", "inquir", "postmaster", "further", "envelope-from",
    "mail from",
    r"\bfrom\b[: <]", "sender", "reply", "visit", "http", "generated by", "wenden sie", "kontakt", "contacte", "sent by",
    "your server",
    "originat", r"^\s*(?:to|cc|from|date|subject|sent|message-id|reply-to)\s*:",
)  # fmt: skip

_DELAYED = {
    "en": (
        r"\bdelay(?:ed)?\b", "warning message only", "has not yet been delivered", "will keep trying",
        "delivery attempts will continue",
        "(?:will|is) (?:still )?(?:be(?:ing)? )?(?:retried|trying|kept trying|continue)",
        "still (?:being )?(?:retried|trying|in the queue)",
        "need not resend", "do not need to re-?send", "could not send (?:message|mail) for (?:the )?past",
    ),
    "de": ("verzögert", "wird weiter versucht"),
    "fr": ("différée?", "retardé"),
    "es": ("retrasad", "se seguirá intentando"),
    "it": ("in ritardo", "ritardat"),
    "pt": ("atrasad",),
    "nl, sv, da, fi": ("vertraagd", "fördröj", "forsinke", "viivästy"),
    "pl, cs": ("opóźni", "zpožd"),
    "ru": ("задерж", "отложен"),
    "ja, zh, ko": ("遅延", "遅れ", "再送を試み", "延[迟遲]", "지연"),
}  # fmt: skip

# Challenges and quarantines: the mail waits for a person, nothing has failed.
_CHALLENGE = (
    r"(?:confirm|verify|authenticate|approve|prove)[^\n]{0,80}(?:you(?:r)? (?:are|message|e-?mail|address|sender)|human|delivery|sender)",
    "challenge", "white ?list", r"click (?:here|the link|on the)[^\n]{0,60}deliver",
    "awaiting (?:your )?(?:confirmation|approval)",
    "awaits moderator", "held (?:for|until)", "quarantin",
)  # fmt: skip

# How people begin; `Hi. This is the mailer` and `Hallo ann@example.org` are machines.
_GREETING = (
    "hello", "hi", "hey", "dear", "good (?:morning|afternoon)", "hallo", "guten (?:tag|morgen)", "sehr geehrte", "liebe",
    "bonjour", "salut",
    "hola", "buen[oa]s", "ciao", "buongiorno", "gentile", "olá", "beste", "hej", "cześć", "dobrý den", "здравствуйте",
    "добрый день",
)  # fmt: skip


def _compiled(pieces: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(pieces), re.I)


def _all(table: dict[str, tuple[str, ...]]) -> re.Pattern[str]:
    return _compiled(piece for pieces in table.values() for piece in pieces)


# Compiled when the first mail needs them: most mails, and most commands, never do.


@cache
def subject() -> re.Pattern[str]:
    """Subjects of reports."""
    return _all(_SUBJECTS)


@cache
def opening() -> re.Pattern[str]:
    """What mailers say near the top of a report; people do not write so."""
    return _all(_OPENINGS)


@cache
def about_delivery() -> re.Pattern[str]:
    """What may stand before the address of a recipient."""
    return _all(_ABOUT_DELIVERY)


@cache
def not_about_delivery() -> re.Pattern[str]:
    """What stands before the addresses of senders and of helpers."""
    return _compiled(_NOT_ABOUT)


@cache
def delayed() -> re.Pattern[str]:
    """What a warning says: nothing has failed yet."""
    return _all(_DELAYED)


@cache
def challenge() -> re.Pattern[str]:
    """What is said of mail that waits for a person."""
    return _compiled(_CHALLENGE)


@cache
def greeting() -> re.Pattern[str]:
    """How people begin."""
    return re.compile(rf"\s*(?:{'|'.join(_GREETING)})\b(?![.!]|, this is the|[^\n]{{0,80}}@)", re.I)
