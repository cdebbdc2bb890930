"""Is this mail a report? Cheap signs of its header say whether it could be one; then subject and first lines are weighed.

A machine must have written it: a person who asks about a bounce, quotes or forwards one, has written no bounce.
"""

from __future__ import annotations

import re

from maild.mail.fields import Fields, content_type, parameters
from maild.mail.parts import Leaf

REPORTS = ("message/delivery-status", "message/global-delivery-status")

# Who writes reports. By name or local part: surely, likely, or perhaps.
_MAILER = re.compile(
    r"mail(?:er)?[-_. ]?daemon|mail[-_. ]?delivery|mail[-_. ]?deliver\b|delivery[-_ ]?(?:sub)?system|microsoftexchange[0-9a-f]{8}",
    re.I,
)
_DAEMON = re.compile(
    r"mail(?:er)?[-_. ]?daemon|mail administrator|ndr administrator|mail router|mail system\b|post[-_. ]?master|poostmaster|system administrator|microsoft outlook <|\bmdaemon|daemon@|mmsc ndr", re.I
)  # fmt: skip
_MACHINE = re.compile(
    r"(?:^|[<\" ])(?:no-?reply|do-?not-?reply|sysadmin|mta|bounces?|notifications?|listserv|majordomo|[\w.]{1,40}-(?:admin|bounces?|owner|request|errors?))(?:[+=][^@\s]{0,80})?@",
    re.I,
)  # fmt: skip
_PEOPLES_CLIENT = re.compile(
    r"thunderbird|microsoft outlook(?! express smtp)|outlook|apple mail|iphone mail|ipad mail|mutt|kmail|evolution|roundcube|squirrelmail|claws|foxmail|the bat|eudora|k-9|webmail|airmail|spark|mailbird|em client|gnus|sylpheed|postbox",
    re.I,
)  # fmt: skip
_PASSED_ON = re.compile(
    r"\s*(?:\[[^\]]{1,40}\]\s*)?(?:re|aw|antw|sv|vs|fw|fwd|wg|tr|rv|enc|i|doorst|vl|odp|pd|ynt|ilt|回复|转发|返信|転送)\s*(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*[::]",
    re.I,
)

_SUBJECT = re.compile(
    r"undeliver|non-?deliver|not (?:be(?:en)? )?deliver|(?:delivery|deliver|sending|transport)[^\n]{0,30}(?:fail|status|error|problem|delay|notification|report|unsuccess|incomplete|warning)|(?:fail|error|problem|delay|could ?n[o']t|unable)[^\n]{0,30}(?:deliver|sending|notice)"
    r"|returned? (?:e-?)?mail|returned to sender|returning (?:message )?to sender|mail (?:system error|failure|failed|could not|delivery)|failure notice|message (?:you sent )?(?:blocked|rejected|delayed|returned|could not)|(?:e-?mail|mail|message) (?:delivery|rejected|returned|error)|could not send (?:message|mail)|bounced?\b"
    r"|warning: (?:message|could not send)|user unknown|unknown (?:user|recipient)|mailbox (?:is )?full|postfix smtp server: errors|loop alert|cannot send message|error sending|there was an error|rejected: |undelivrable|nondeliverable|ndn:|ndr:|dsn:|aws notification message"
    r"|unzustellbar|nicht zugestellt|zustell(?:ung|benachrichtigung|fehler)|nicht zustellbar|fehler bei der (?:zustellung|übermittlung)|zurückgewiesen|unzustellbarkeit"
    r"|non remis|non distribu|échec|echec|retour de mail|remise (?:du message|impossible|différée)|notification d['’]état|non délivr|impossible de (?:remettre|livrer|distribuer)"
    r"|no (?:se )?(?:ha podido|pudo|puede)? ?(?:ser )?entreg|no entregado|devuelto|error (?:de|en la) entrega|no se puede entregar|no entregable|notificaci[oó]n (?:de|sobre el) (?:estado|entrega)|fallo en la entrega"
    r"|não (?:foi )?(?:entreg|pôde)|nao entregue|devolvid[ao]|falha (?:na|de) entrega|não é possível entregar|mancato recapito|non recapit|mancata consegna|non consegnat|impossibile (?:recapitare|consegnare)|consegna non riuscita|errore (?:di|nella) consegna"
    r"|niet (?:worden )?(?:afgeleverd|bezorgd|bezorgbaar)|onbestelbaar|bestelling mislukt|aflevering|obeställbar|kunde inte levereras|leveransfel|oleverer|kunne ikke leveres|kan ikke leveres|leveringsfeil|uleverlig|ikke leveret|toimitus|ei voitu toimittaa|palautettu"
    r"|nie (?:można )?(?:zosta[łl][ao] )?(?:dostarcz|doręcz)|niedostarcz|zwrot|nedoruč|nelze doručit|nepodařilo se doručit|kézbesít|iletilemedi|teslim edil|ulaştırılamadı|nu a putut fi livrat|nelivrat|nije (?:isporu|dostavlj)|không (?:gửi|thể gửi)|ไม่สำเร็จ|ไม่สามารถส่ง"
    r"|не доставл|не уда[её]тся доставить|недоставен|не может быть доставлен|недостав|невозможно доставить|ошибка доставки|не доставлено|не вдалося доставити|αποτυχία|δεν παραδόθηκε|לא נמסר|תעذر|تعذر|فشل تسليم|لم يتم"
    r"|配信(?:不能|できません|エラー|失敗)|配信できな|送信(?:できません|エラー|失敗)|エラー通知|不達|未達|返送|メールを送信できません|メッセージを配信できません|退信|无法投递|無法投遞|无法传递|無法傳遞|投递失败|退回|未送达|傳遞失敗|발송 ?실패|배달(?:되지| 못)|전송 ?실패|반송",
    re.I,
)  # fmt: skip
# What mailers open with. People do not write so; looked for near the top, and never in a quote.
_OPENING = re.compile(
    r"this (?:is the|message was created automatically|report relates to|is an automatically generated delivery|delivery status notification|is the mail delivery)|hi\. this is the|delivery (?:to the following|has failed|failed|of the following|status notification)|(?:message|mail|e-?mail)[^\n]{0,60}(?:was not|wasn'?t|were not|could not|couldn'?t|cannot|can not|has not(?: yet)?) be(?:en)? (?:deliver|sent|complet|reach)"
    r"|(?:was not|wasn'?t|could not be|couldn'?t be|has not been|cannot be|was un|is un)[ ]?deliver|(?:unable|failed|not able|fail) to (?:deliver|send)|did not reach the following|undeliverable|had (?:delivery|permanent|transient|trouble)|had permanent|transcript of (?:the )?session|following (?:address|recipient)[^\n]{0,30}(?:fail|had|did|were|could|was)"
    r"|(?:address|recipient|addresses|recipients)[^\n]{0,30}(?:rejected|failed|returned permanent)|failure reasons|invalid (?:final delivery|user|recipient)|unknown user:|delivery failed|permanent (?:error|failure|fatal)|reason for (?:the )?(?:problem|failure|non-?delivery)|no valid recipients|error occurred while (?:trying|attempting)"
    r"|error delivering|delivery of (?:the|your) [^\n]{0,20}(?:stopped|blocked)|trouble delivering|non-?delivered|returned to sender|final-recipient:|reporting-mta:|diagnostic-code:|generating server:|received >>>|server message|\"notificationtype\"|duplicated message-id|this account is disabled|mailbox (?:is )?full|you have tried to contact|group you tried to contact|groups\.google\.com"
    r"|konnte (?:leider )?(?:nicht|für)|nicht zugestellt|unzustellbar|nicht zustellbar|n['’]a (?:pas )?pu être|n['’]ont pas (?:pu )?(?:être )?|n['’]a pas été (?:remis|distribu|délivr)|impossible de remettre|échec de la remise|no (?:se )?(?:ha podido|pudo|puede|pudieron)[^\n]{0,30}entreg|no ha sido entregad|no pudo ser entregad"
    r"|n[aã]o (?:p[oô]de|foi poss[ií]vel|foi|pode)[^\n]{0,24}(?:entreg|enviad)|non (?:è stato|è|ha) (?:possibile |potuto )?(?:recapit|consegn|essere)|impossibile recapitare|niet (?:worden )?(?:afgeleverd|bezorgd)|kunde inte (?:levereras|skickas)|kunne ikke leveres|kan ikke leveres|ei voitu toimittaa|toimittaminen epäonnistui"
    r"|nie (?:można|udało się|mogła|został[ao]?)[^\n]{0,24}(?:dostarcz|doręcz)|nelze doručit|nebyl[ao]? doručen|nepodařilo se doručit|nem (?:sikerült|lehet) kézbesíteni|(?:teslim edilemedi|iletilemedi|ulaştırılamadı)|nu a putut fi livrat|сбой доставки|не (?:может быть|было|беше|уда[её]тся|удалось|был[ао]?)[^\n]{0,16}достав|не доставлено|не вдалося доставити"
    r"|送信できませんでした|配信できませんでした|配送できませんでした|配達できません|お届けできません|エラーのため|見つかりません|无法投递|无法送达|未能送达|無法傳送|無法投遞|投递失败|发送失败|배달(?:되지|하지)|전송하지 못|전달되지|לא ניתן למסור|تعذر تسليم|δεν (?:ήταν δυνατή|παραδόθηκε)|nije (?:isporuč|dostavlj)|không thể gửi|ไม่สามารถส่ง",
    re.I,
)  # fmt: skip
_CHALLENGE = re.compile(
    r"(?:confirm|verify|authenticate|approve|prove)[^\n]{0,80}(?:you(?:r)? (?:are|message|e-?mail|address|sender)|human|delivery|sender)|challenge|white ?list|click (?:here|the link|on the)[^\n]{0,60}deliver|awaiting (?:your )?(?:confirmation|approval)|held (?:for|until)|quarantin", re.I
)  # fmt: skip
_QUOTE = re.compile(
    r"^[ \t]{0,3}(?:>|-{2,}\s{0,3}(?:original|forwarded|ursprüngliche|message)|on .{5,120} wrote:|am .{5,120} schrieb|le .{5,120} a écrit)",
    re.I | re.M,
)
_GREETING = re.compile(
    r"\s*(?:hello|hi|hey|dear|good (?:morning|afternoon)|hallo|guten (?:tag|morgen)|sehr geehrte|liebe|bonjour|salut|hola|buen[oa]s|ciao|buongiorno|gentile|olá|beste|hej|cześć|dobrý den|здравствуйте|добрый день)\b(?![.!]|[^\n]{0,80}@)",
    re.I,
)
_ANSWER = re.compile(r"(?:^|[\s:>#(])[45]\.\d{1,3}\.\d{1,3}\b|(?:^[ \t]{0,8}|[:>] ?)[45][0-5]\d (?=[^\W\d]|[<#\"'])", re.M)
_ALONE = re.compile(r"^[ \t>*•<\"'-]{0,12}[^\s<>@]{1,64}@[^\s<>@]{1,253}[>\"']{0,2}(?:[ \t]{0,4}$|:|[ \t]{0,4}[-(\[])", re.M)
_REPLY = re.compile(r"(?:^|[\s:>#(])[45](?:\d\d[ -]|\.\d{1,3}\.\d{1,3}\b)")
_FAR = 3_000
_MAILERS, _NO_WAY_BACK, _LIKELY, _ENOUGH = 4, 3, 2, 5


def could_be_report(fields: Fields, leaves: list[Leaf]) -> bool:
    """Cheap, for every mail: has the header anything of a mailer's, or the mail a part of a report?"""
    if any(leaf.type in REPORTS for leaf in leaves) or content_type(fields) == "multipart/report":
        return True
    return machine_weight(fields) > 0


def machine_weight(fields: Fields) -> int:
    """How surely a machine wrote it: 4 a mailer, 3 mail without a way back, 2 a name that mailers have, 1 some machine, 0 no sign."""
    sender = fields.text("from")[:300]
    if "x-failed-recipients" in fields or (sender and _MAILER.search(sender)):
        return _MAILERS
    path = fields.first("return-path").strip()
    if path == "<>" or (path and _DAEMON.search(path[:300])) or sender.strip("<> ") == "" or "x-mlserver" in fields:
        return _NO_WAY_BACK
    submitted = fields.first("auto-submitted").strip().lower()
    by_machine = bool(submitted) and not submitted.startswith("no")
    if _DAEMON.search(sender):
        return _NO_WAY_BACK if by_machine else _LIKELY
    return 1 if by_machine or _MACHINE.search(sender) else 0


def is_passed_on(subject: str) -> bool:
    """A subject that answers or forwards."""
    return _PASSED_ON.match(subject) is not None


def is_report(fields: Fields, leaves: list[Leaf], subject: str, said: str) -> bool:
    """The whole weighing, for mails that could be one. `said` is the text above the original mail."""
    machine = machine_weight(fields)
    has_part = any(leaf.type in REPORTS for leaf in leaves)
    # A part alone may have come along with a person's forward; a multipart/report is a mailer's (RFC 6522).
    if content_type(fields) == "multipart/report":
        told = parameters(fields.first("content-type")).get("report-type", "").lower()
        if has_part or told.startswith("delivery-status"):
            return True
    if has_part:
        return machine > 0 or not (is_passed_on(subject) or _is_peoples(fields))
    if machine == 0 or (_is_peoples(fields) and "daemon" not in fields.text("from")[:300].lower()):
        return False
    top = said[:_FAR]
    quote = _QUOTE.search(top) if is_passed_on(subject) else None
    if quote:
        top = top[: quote.start()]
    speaks = 2 if _SUBJECT.search(subject[:300]) and not is_passed_on(subject) else 0
    opens = 2 if _OPENING.search(top) else 0
    if (machine <= _LIKELY and _GREETING.match(top)) or (
        not speaks and "x-failed-recipients" not in fields and _CHALLENGE.search(top)
    ):
        return False
    if machine >= _NO_WAY_BACK and _ANSWER.search(top) and _ALONE.search(top):
        return True  # in whatever language: an address that stands alone, and a server's answer
    return speaks + opens > 0 and machine + speaks + opens + bool(_REPLY.search(top)) >= _ENOUGH


def _is_peoples(fields: Fields) -> bool:
    """A mail client for people wrote it."""
    if "user-agent" in fields:
        return True
    mailer = fields.text("x-mailer")[:200]
    return bool(mailer) and _PEOPLES_CLIENT.search(mailer) is not None
