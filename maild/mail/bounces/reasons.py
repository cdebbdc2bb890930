"""From a mailer's words or status to a reason, and from a reason to the status that it stands for (RFC 3463; IANA's registry)."""

# ruff: noqa: RUF001  the letters of many alphabets

from __future__ import annotations

import re
from functools import cache

# What the last two numbers of a status say.
BY_STATUS = {
    "1.0": "bad-address", "1.1": "user-unknown", "1.2": "host-unknown", "1.3": "bad-address", "1.4": "bad-address", "1.6": "has-moved",
    "1.7": "sender-rejected", "1.8": "sender-rejected", "1.9": "sender-rejected", "1.10": "not-accepting",
    "2.1": "mailbox-disabled", "2.2": "mailbox-full", "2.3": "too-big", "2.4": "list-error",
    "3.0": "system-error", "3.1": "system-full", "3.2": "system-error", "3.3": "system-error", "3.4": "too-big", "3.5": "system-error",
    "4.1": "no-answer", "4.2": "no-answer", "4.3": "system-error", "4.4": "host-unknown", "4.5": "rate-limited", "4.6": "loop",
    "4.7": "expired", "4.14": "loop", "5.3": "too-many-recipients",
    "6.0": "content-rejected", "6.1": "content-rejected", "6.2": "content-rejected", "6.3": "content-rejected", "6.7": "content-rejected",
    "7.1": "rejected", "7.2": "rejected", "7.8": "authentication-failed", "7.9": "authentication-failed", "7.10": "encryption-required",
    "7.13": "mailbox-disabled", "7.17": "has-moved", "7.20": "authentication-failed", "7.23": "authentication-failed",
    "7.25": "authentication-failed", "7.26": "authentication-failed", "7.27": "not-accepting", "7.28": "rate-limited",
    "7.509": "authentication-failed", "7.606": "blocked", "7.750": "blocked",
}  # fmt: skip

# Servers give these for many reasons: the words know better.
_VAGUE = frozenset(
    {"1.0", "1.10", "2.0", "2.1", "3.0", "3.2", "3.5", "4.0", "4.4", "4.7", "5.0", "6.0", "7.0", "7.1", "7.2", "7.9"}
)

# What a reason is as a status, where the words name none.
DETAIL = {
    "user-unknown": "1.1", "host-unknown": "1.2", "bad-address": "1.3", "has-moved": "1.6", "sender-rejected": "1.8",
    "not-accepting": "1.10", "mailbox-disabled": "2.1", "mailbox-unavailable": "2.1", "mailbox-full": "2.2", "too-big": "3.4",
    "list-error": "2.4", "system-full": "3.1", "system-error": "3.0", "no-answer": "4.1", "rate-limited": "7.0", "loop": "4.6",
    "expired": "4.7", "too-many-recipients": "5.3", "content-rejected": "6.0", "spam": "7.1", "virus": "7.0", "blocked": "7.1",
    "relay-denied": "7.1", "authentication-failed": "7.0", "encryption-required": "7.10", "rejected": "7.1",
}  # fmt: skip

# (reason, what is written for it), the surer above the vaguer. Spaces stand for any white space.
_PHRASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("virus", (
        r"\bvirus(?:es)?\b", "malware", "infected (?:file|attach)", "trojan", "infiziert", "virus détecté", "ウイルス",
        "вирус",
    )),
    ("mailbox-full", (
        "over ?quota", "quota (?:exceeded|full|usage exceeded|limit|violation|reached)",
        r"exceed[a-z]{0,3} [^\n]{0,30}?quota", r"quota [^\n]{0,30}exce[ed]",
        "(?:mail ?box|mail ?folder|mail ?file|in-?box|mail ?drop|maildir|user|account|recipient|"
         r"storage)[^\n]{0,40}\bfull\b",
        "full (?:mail ?box|inbox)", "(?:mail ?box|storage|disk ?space) (?:size )?(?:limit|space|has exceeded|exceed)",
        r"messages in [^\n]{0,30}mailbox exceed", "not enough (?:storage )?(?:space|room) (?:in|for)", "out of storage",
        r"no (?:more )?space (?:left )?(?:in|for) [^\n]{0,20}mailbox", "insufficient (?:mailbox|quota)",
        r"postfach[^\n]{0,40}(?:voll|überfüllt|überschritten)", r"speicherplatz[^\n]{0,40}(?:erschöpft|überschritten)",
        "kontingent", r"boîte[^\n]{0,40}pleine", r"quota [^\n]{0,20}(?:dépassé|atteint)",
        r"espace [^\n]{0,30}(?:insuffisant|saturé)",
        r"(?:buz[oó]n|casilla|correo)[^\n]{0,40}(?:llen[oa]|agotad[oa]|excedid[oa])", "agotado", "mailbox lleno",
        r"cuota [^\n]{0,20}(?:excedida|superada)", r"casella[^\n]{0,40}piena", r"spazio [^\n]{0,20}esaurito",
        r"caixa [^\n]{0,40}cheia", r"postvak[^\n]{0,40}vol\b", r"mailbox is vol\b", r"postlådan[^\n]{0,20}full",
        r"skrzynka[^\n]{0,40}(?:pełna|przepełniona)", r"schránka[^\n]{0,30}pln", r"ящик[^\n]{0,40}(?:переполнен|заполнен)",
        "квота", r"sandučić[^\n]{0,20}pun", r"căsuța[^\n]{0,30}plină", r"hộp thư[^\n]{0,20}đầy",
        r"容量[^\n]{0,12}(?:超過|オーバー|いっぱい|一杯|満杯|不足)", "いっぱい", r"邮箱[^\n]{0,8}满", "信箱已滿",
        r"용량[^\n]{0,6}초과",
        r"메일함[^\n]{0,10}(?:가득|초과)",
    )),
    ("too-big", (
        r"(?:message|mail|size)[^\n]{0,30}\b(?:too (?:large|big)|exceed[^\n]{0,30}(?:size|limit|maximum))",
        r"(?:message|file|fixed maximum message) size [^\n]{0,12}(?:limit|exceed)", "zu groß", "trop (?:volumineux|gros)",
        "taille maxim", "demasiado grande", "troppo grande", "muito grande", "te groot", "слишком больш",
        r"サイズ[^\n]{0,16}(?:超|大き)", "过大",
    )),
    ("loop", (
        r"\b(?:mail|routing) (?:loop|forwarding loop)", "too many hops", "hop count exceed",
        "loop(?:s)? (?:back|detected|alert)", r"\bloop alert", "maximum hop",
    )),
    ("relay-denied", (
        r"\brelay(?:ing)?\b[^\n]{0,30}(?:denied|not (?:permitted|allowed)|prohibited|disallowed|rejected)",
        "(?:not (?:permitted|allowed) to|unable to|cannot|no) relay", "we do not relay", "not an open relay",
        "sorry, that domain isn'?t in my list", r"relais [^\n]{0,20}refus",
    )),
    ("has-moved", (
        r"(?:user|recipient|mailbox|account|address)[^\n]{0,20}\b(?:has )?(?:moved|changed (?:e-?mail )?address)",
        "new (?:e-?mail )?address is", "551 user not local",
    )),
    ("mailbox-disabled", (
        r"(?:account|mail ?box|user|recipient|address|alias|e-?mail)[^\n]{0,60}\b(?:disabled|inactive|suspended|"
         "deactivated|discontinued|not active|locked|blocked|closed|terminated|expired|on hold|frozen|"
         "unavailable for this)",
        "(?:disabled|inactive|suspended|deactivated|expired) (?:account|mail ?box|user|recipient|address)",
        r"cuenta [^\n]{0,24}(?:desactivada|suspendida|inactiva)", "casilla ha expirado", "por falta de uso",
        r"konto [^\n]{0,24}(?:deaktiviert|gesperrt)", r"compte [^\n]{0,24}(?:désactivé|suspendu)", "заблокирован", "неактив",
    )),
    ("not-accepting", (
        "null mx", "no (?:smtp|mail) service", "no mx record",
        "(?:does|do|doesn'?t|don'?t|will) not accept (?:any )?(?:e-?)?mail", "couldn'?t find a mail exchanger",
        "mx record indicated no",
    )),
    ("user-unknown", (
        "(?:user|recipient|receiver|mail ?box|address(?:ee)?|account|alias|(?:recipient|user) ?name|user ?id|"
         r"subscriber)[^\n]{0,30}\b(?:unknown|not (?:found|known|recognized|recognised|exist|listed|valid)|invalid|"
         "unrecognized)",
        r"(?:unknown|invalid|no such|nonexist\w*|non-exist\w*|undeliverable|bad|illegal|"
         "unrecognized) (?:(?:or illegal|final delivery|local|virtual|e-?mail|smtp|recipient|mail|"
         "destination) ){0,3}(?:user|recipient|mail ?box|address|account|alias|person|name)",
        r"(?:user|recipient|mail ?box|address|account|e-?mail)[^\n]{0,60}(?:does ?n[o']?t|do ?n[o']?t|did ?n[o']?t|"
         "couldn'?t|could not|cannot|can'?t|wasn'?t|was not|isn'?t|is not|not) (?:be )?(?:exist|have an?|found|"
         "a known|a valid|a registered|known|listed)",
        "no (?:such|valid|matching) (?:user|recipient|mail|address|person|account)",
        "no mail ?box (?:here )?(?:by|with) that", "not (?:a )?(?:listed in|registered gateway|our customer|a member)",
        "unable to find (?:recipient|user)", r"doesn'?t have an? [^\n]{1,40} account", "address not found",
        "mailbox not found", "couldn'?t be found", "wasn'?t found", "recipientnotfound", "not found by smtp",
        "unrouteable address", "unknown local[- ]part", "550 unknown",
        r"(?:empfänger|benutzer|adresse|mailbox|postfach)[^\n]{0,40}(?:unbekannt|nicht gefunden|existiert nicht|"
         "ungültig|nicht vorhanden|kein)",
        "unbekannter (?:empfänger|benutzer)", "kein (?:solcher|gültiger) (?:empfänger|benutzer)",
        r"(?:destinataire|adresse|utilisateur|compte|bo[îi]te)[^\n]{0,40}(?:inconnu|introuvable|n['’]existe pas|"
         "inexistant|invalide)",
        "utilisateur inconnu",
        r"(?:destinatario|direcci[oó]n|usuario|cuenta|buz[oó]n)[^\n]{0,40}(?:desconocid|no existe|inexistente|"
         "no (?:se )?encontr|inv[aá]lid|no v[aá]lid)",
        "usuario desconocido",
        r"(?:destinatario|indirizzo|utente|casella)[^\n]{0,40}(?:sconosciut|non esiste|inesistente|non trovat|non valid)",
        r"(?:destinat[aá]rio|endere[cç]o|usu.rio|conta)[^\n]{0,40}(?:desconhecid|n[aã]o existe|inexistente|"
         "n[aã]o encontrad|inv.lid)",
        r"(?:ontvanger|gebruiker|adres)[^\n]{0,40}(?:onbekend|bestaat niet|niet gevonden|ongeldig)",
        r"(?:mottagar|användar|adress)\w*[^\n]{0,40}(?:okänd|finns inte|hittades inte)",
        r"(?:mottaker|bruker|modtager|adresse)\w*[^\n]{0,40}(?:ukjent|ukendt|finnes ikke|findes ikke)",
        r"(?:vastaanottaja|osoite)\w*[^\n]{0,40}(?:tuntematon|ei löydy|ei ole)",
        r"(?:odbiorc|adres|użytkownik)\w*[^\n]{0,40}(?:nieznan|nie istnieje|nie znaleziono)",
        r"(?:příjemce|uživatel|príjemca|používateľ|adres)\w*[^\n]{0,40}(?:neznám|neexistuje|nenalezen)",
        r"(?:címzett|felhasználó)\w*[^\n]{0,40}(?:ismeretlen|nem létezik|nem található)",
        r"(?:alıcı|kullanıcı|adres)\w*[^\n]{0,40}(?:bilinmiyor|bulunamadı|geçersiz|yok)",
        r"(?:пользовател|получател|адрес|ящик)\w*[^\n]{0,40}(?:не существует|не найден|неизвест|не зарегистрирован)",
        "нет такого", "няма такъв", r"utilizator\w* (?:necunoscut|inexistent)",
        r"(?:korisnik|primatelj|uporabnik|adresa)\w*[^\n]{0,30}(?:nepoznat|ne postoji|ne obstaja)", "không tồn tại",
        "ไม่พบผู้", "такого пользователя нет", r"(?:одержувач|користувач)\w*[^\n]{0,40}(?:не існує|не знайдено)",
        r"(?:宛先|メールアドレス|ユーザー?|受信者|あて先)[^\n]{0,20}(?:見つか|存在し|不明|無効)",
        r"(?:收件人|用户|用戶|邮箱|地址)[^\n]{0,12}(?:不存在|无效|無效|未找到|找不到)",
        r"(?:수신자|사용자|주소)[^\n]{0,16}(?:없|존재하지|찾을 수)",
    )),
    ("host-unknown", (
        r"(?:host|domain|server|mx|name)[^\n]{0,40}\b(?:unknown|not found|does ?n[o']?t exist|non-?exist\w*|"
         r"not resolv\w*|not exist)",
        "unknown (?:host|domain)", "no such (?:host|domain)", "couldn'?t find any host", "unrouteable (?:mail )?domain",
        r"(?:dns|name server|name service)[^\n]{0,30}(?:error|fail|nxdomain)", "nxdomain",
        r"cannot (?:find|resolve) [^\n]{0,20}(?:host|domain)", "bad destination system", "illegal host", "may not exist",
        r"domain(?:e|äne|ain)? [^\n]{0,30}(?:nicht gefunden|introuvable|unbekannt|inconnu)",
        r"dominio [^\n]{0,30}(?:no existe|desconocido|non esiste|sconosciuto)",
        r"домен[^\n]{0,30}(?:не найден|не существует)", r"ドメイン[^\n]{0,16}(?:見つか|存在)",
    )),
    ("spam", (
        r"\bspam\b", r"\bspams\b", r"\bjunk\b", r"\bubc?e\b", "bulk (?:e-?)?mail filter", "unsolicited", "bayes",
        "scored as", "considered (?:as )?unsolicited", "spamming", r"\bспам", "スパム", "迷惑メール", "垃圾邮件",
        "垃圾郵件", "스팸",
    )),
    ("authentication-failed", (
        r"\b(?:dmarc|spf|dkim|senderid)\b", "unauthenticated",
        "authentication (?:required|failed|checks? failed|is required)", "not authenticated", "must (?:be )?authenticate",
        "reverse[- ]?dns", "ptr record", "without authentication", "smtp authentication",
    )),
    ("blocked", (
        "black ?list", "block ?list", r"\brbl\b", r"\bdnsbl\b", "spamhaus", "spamcop", "barracudacentral", "banned",
        r"(?:ip|host|client|access|connection|sender|address)[^\n]{0,60}\b(?:blocked|rejected for|refused|denied|listed)",
        r"\bblocked\b", "poor reputation", "bad reputation", "reputation", "denied access", "no access from", "open relay",
        "service refus", "please use the smtp server of",
    )),
    ("rate-limited", (
        "too many (?:connections|messages|concurrent|recipients|sessions|errors)", "rate limit", "throttl",
        "too (?:fast|frequent)", "temporarily deferred", "sending rate", "daily (?:quota|limit)", "try again slower",
        "greylist", "graylist", "grey-list",
    )),
    ("encryption-required", (
        "starttls", "must issue a starttls", "tls (?:is )?required", "encryption (?:required|needed)",
        "does not advertise auth", "tls handshake",
    )),
    ("sender-rejected", (
        r"sender(?:'s)?[^\n]{0,30}(?:address )?(?:rejected|not allowed|denied|unknown|invalid|verify failed|not exist)",
        "sender verify", "envelope sender", "purported responsible", "send mail as", "from address",
        "(?:invalid|bad) sender",
    )),
    ("system-full", (
        "insufficient (?:system )?(?:storage|resources|disk|space)", "disk full", "no space left", "disk quota",
        "out of disk", "queue file write", r"spool[^\n]{0,20}full", "out of memory",
    )),
    ("expired", (
        "retry time(?:out)? (?:exceeded|not reached)",
        r"(?:queue|envelope|message|delivery time|lifetime)[^\n]{0,20}\bexpired", "too long",
        "not (?:yet )?(?:been )?delivered (?:with)?in", "giv(?:ing|en) up", "multiple retries", "stopped trying",
        "delivery attempts", "maximum (?:number of )?(?:retries|attempts)",
        "unable to deliver (?:this )?(?:message )?(?:in|for|after)", "could not be delivered for",
        "cannot send message (?:for|within)", r"for (?:the last|more than) \d+ (?:hours|days|minutes)", "zeitüberschreitung",
        "abgelaufen", r"délai [^\n]{0,20}(?:dépassé|expiré)", "expirad", "scadut", "истек", "有効期限", "期限切れ",
    )),
    ("no-answer", (
        r"(?:connection|connect|operation|session|conversation)[^\n]{0,20}(?:timed ?out|refused|reset|lost|dropped|"
         "closed|failed|fails)",
        "timed out", "no route to host", "host (?:is )?(?:unreachable|not (?:reachable|responding)|down)",
        r"(?:did not|not) respond\w*", "unable to (?:connect|contact)", "could not connect", "couldn'?t connect",
        "wasn'?t able to establish", "not accept our requests", "socket error", "network (?:error|is unreachable)",
        "bad connection", "nicht erreichbar", "injoignable", "no responde", "non risponde", "не отвечает", "接続でき", "応答",
    )),
    ("content-rejected", (
        r"(?:attachment|content|extension|file type|header)[^\n]{0,30}(?:not allowed|rejected|blocked|prohibited|"
         "error|forbidden|denied)",
        "media error", "malformed", "invalid (?:message )?header", "8bitmime", "contenterror", "unsupported",
    )),
    ("list-error", (
        "not (?:a )?(?:subscribed|member)", "closed list", "members? only", "not have permission to post",
        "no permission to post", "duplicated message-id", "mailing ?list", r"groups\.google\.com",
    )),
    ("rejected", (
        "not (?:been )?authori[sz]ed", "access denied", "permission denied", "denied", "polic(?:y|ies)", "reject", "refus",
        "prohibited", "restrict", "not (?:permitted|allowed|accepted)", "rejet", "abgelehnt", "verweigert", "rechazad",
        "rifiutat", "recusad", "geweigerd", "odrzuc", "отклонен", "отверг", "拒否", "拒绝", "拒絕", "거부", "filter",
    )),
    ("system-error", (
        "(?:system|internal|server|configuration|config|local|software|protocol|mailer|unknown) (?:error|failure|problem)",
        "command (?:died|failed)", "service (?:not available|unavailable)",
        "local (?:configuration|delivery) (?:error|failed)", "pipe to", "ldap", r"mail server [^\n]{0,20}error",
        "temporary (?:failure|problem|error)", "i/o error", "no such file",
    )),
    ("mailbox-unavailable", (
        "mailbox (?:is )?(?:temporarily )?unavailable", "(?:user|recipient|mailbox) unavailable", "not available",
        "delivery not (?:allowed|authori[sz]ed)",
    )),
)  # fmt: skip

_TEMPORARY = re.compile(
    r"retry\s+time(?:out)?\s+(?:exceeded|not\s+reached)|temporar(?:y|ily)|try\s+(?:again\s+)?later|deferred|greylist"
    r"|vorübergehend|temporaire|temporal(?:mente)?\b|временн",
    re.I,
)
MAX_WORDS = 1_500


@cache
def _table() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Compiled for the first report: most mails are none."""
    spaced = ((reason, "|".join(phrases).replace(" ?", r"\s{0,4}").replace(" ", r"\s{1,4}")) for reason, phrases in _PHRASES)
    return tuple((reason, re.compile(pattern, re.I)) for reason, pattern in spaced)


def by_words(words: str) -> str | None:
    """The first reason of the table that the words speak of, or None."""
    words = words[:MAX_WORDS]
    return next((reason for reason, pattern in _table() if pattern.search(words)), None)


def by_status(status: str | None) -> str | None:
    """The reason that a status stands for; None where it says only `other`."""
    return BY_STATUS.get(status[2:]) if status else None


def is_vague(status: str | None) -> bool:
    """Whether a status is used for so much that words should be asked first."""
    return status is not None and status[2:] in _VAGUE


def is_temporary(words: str) -> bool:
    """Whether the words themselves promise that it may work later."""
    return _TEMPORARY.search(words[:MAX_WORDS]) is not None
