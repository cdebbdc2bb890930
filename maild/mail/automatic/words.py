"""What automatic answers and receipts are called, language by language. Words alone never make a machine of a person: see `read`."""

# ruff: noqa: RUF001  the letters of many alphabets

from __future__ import annotations

import re
from functools import cache

from maild.mail.reply.subject import ANSWERS

# Subjects of absence, as clients and servers write them before the subject that they answer.
_ABSENT = {
    "en": (
        "out of (?:the )?office", "out-of-office", "ooo", "away from (?:the |my )?(?:office|desk|mail)",
        "not in the office",
    ),
    "de": (
        "abwesenheits?(?:notiz|nachricht|benachrichtigung|meldung|assistent|info)", "nicht im (?:büro|hause)",
        "außer haus",
    ),
    "fr": ("absence du bureau", "absente? du bureau", "message d['’]absence"),
    "es": ("fuera de (?:la )?oficina",),
    "it": ("fuori (?:sede|ufficio)",),
    "pt": ("fora do escrit[oó]rio",),
    "nl": ("afwezigheidsbericht", "niet aanwezig"),
    "sv": ("frånvaromeddelande", "ej på kontoret", "inte på kontoret"),
    "da": ("fraværsbesked", "ikke til stede", "ikke på kontoret"),
    "no": ("fraværsmelding", "ikke på kontoret"),
    "fi": ("poissa toimistosta", "poissaolo(?:viesti|ilmoitus)", "en ole paikalla"),
    "pl": ("poza biurem",),
    "cs": ("mimo kancelář",),
    "sk": ("mimo kancelárie",),
    "hu": ("házon kívül", "nem vagyok az irodában"),
    "ro": ("absent din birou", "plecat din birou"),
    "bg": ("извън офиса",),
    "ru": ("нет на месте", "отсутствие на рабочем месте", "вне офиса"),
    "uk": ("поза офісом", "немає на місці"),
    "el": ("εκτός γραφείου",),
    "tr": ("ofis dışında", "ofis dışı", "iş yeri dışında"),
    "hr": ("izvan ureda",),
    "sl": ("izven pisarne",),
    "lt": ("nesu darbe", "ne biure"),
    "lv": ("ārpus biroja",),
    "et": ("kontorist väljas",),
    "he": ("מחוץ למשרד",),
    "ar": ("خارج المكتب",),
    "ja": ("不在(?:通知|のお知らせ|連絡)",),
    "zh": ("不在办公室", "不在辦公室"),
    "ko": (r"부재\s?중",),
    "id": ("di luar kantor",),
    "vi": ("không có mặt tại văn phòng",),
    "th": ("ไม่อยู่ที่สำนักงาน",),
    "ca": ("fora de l['’]oficina",),
}  # fmt: skip

# Words of absence that people write about, too: of holidays that are missing, of absences that are counted wrongly.
_TOPICS = {
    "en": ("vacation", "on (?:vacation|holiday|leave)", "i am away", "away until", "absence"),
    "de": ("abwesenheit", "abwesend", "urlaub", "im urlaub", "ich bin (?:im urlaub|abwesend|nicht)"),
    "fr": ("absence", "absente?", "en congés?", "congés?", "je suis absent"),
    "es": ("ausencia", "ausente", "de vacaciones", "vacaciones"),
    "it": ("assenza", "assente", "in ferie", "ferie"),
    "pt": ("aus[eê]ncia", "ausente", "de f[eé]rias", "f[eé]rias"),
    "nl": ("afwezig(?:heid)?", "met vakantie", "op vakantie", "vakantie"),
    "sv": ("frånvaro", "frånvarande", "semester"),
    "da": ("fravær", "fraværende", "ferie"),
    "no": ("på ferie",),
    "fi": ("poissa", "poissaolo", "lomalla"),
    "pl": ("nieobecno[śs][ćc]", "jestem nieobecn[ya]", "urlop", "na urlopie"),
    "cs": ("nepřítomnost", "jsem mimo kancelář", "dovolená"),
    "sk": ("neprítomnosť", "dovolenka"),
    "hu": ("távollét", "szabadság(?:on)?"),
    "ro": ("în concediu", "in concediu"),
    "bg": ("отсъствие",),
    "ru": ("отсутствую", "в отпуске", "отпуск"),
    "uk": ("у відпустці", "відсутн"),
    "el": ("απουσία",),
    "tr": ("izindeyim", "yıllık izin"),
    "hr": ("odsutnost", "na godišnjem"),
    "sl": ("odsoten", "odsotnost"),
    "lt": ("atostog",),
    "lv": ("prombūtn",),
    "et": ("puhkusel",),
    "he": ("היעדרות",),
    "ar": ("إجازة",),
    "ja": ("不在", "休暇(?:中)?", "外出中"),
    "zh": ("外出", "休假", "假期"),
    "ko": ("휴가",),
    "id": ("sedang cuti",),
    "vi": ("vắng mặt",),
    "th": ("ลาพักร้อน",),
    "ca": ("absència",),
}  # fmt: skip

# Subjects that say only: an automatic answer. The first of each language is Exchange's name for a message of absence.
_ANSWERED = {
    "en": (
        "automatic reply", "automatic(?:ally generated)?[- ]?(?:e-?mail )?(?:reply|response|answer)",
        "auto[- ]?(?:matic )?(?:reply|response|responder|answer|generated reply)", "autoreply", "autoresponse",
        "vacation (?:reply|response|message)",
    ),
    "de": (
        "automatische antwort", "automatische (?:rückantwort|e-?mail-?antwort|eingangsbestätigung)", "auto-?antwort",
        "automatisch generierte antwort",
    ),
    "fr": ("réponse automatique", "rép(?:onse)? auto", "reponse automatique", "message automatique"),
    "es": ("respuesta autom[aá]tica", "autorrespuesta", "respuesta de vacaciones"),
    "it": ("risposta automatica", "risposta fuori sede", "risponditore automatico"),
    "pt": ("resposta autom[aá]tica",),
    "nl": ("automatisch antwoord", "automatisch(?:e)? (?:beantwoord|bericht)"),
    "sv": ("automatiskt svar", "autosvar"),
    "da": ("automatisk svar", "autosvar"),
    "no": ("automatisk svar", "autosvar"),
    "fi": ("automaattinen vastaus", "automaattivastaus"),
    "pl": ("automatyczna odpowiedź", "odpowiedź automatyczna", "autoodpowiedź"),
    "cs": ("automatická odpověď",),
    "sk": ("automatická odpoveď",),
    "hu": ("automatikus válasz",),
    "ro": ("răspuns automat",),
    "bg": ("автоматичен отговор",),
    "ru": ("автоматический ответ", "автоответ(?:чик)?"),
    "uk": ("автоматична відповідь", "автовідповідь"),
    "el": ("αυτόματη απάντηση",),
    "tr": ("otomatik (?:yanıt|cevap)",),
    "hr": ("automatski odgovor",),
    "sl": ("samodejni odgovor",),
    "lt": ("automatinis atsakymas",),
    "lv": ("automātiskā atbilde",),
    "et": ("automaatvastus",),
    "he": ("תשובה אוטומטית", "מענה אוטומטי"),
    "ar": ("رد تلقائي", "الرد التلقائي"),
    "ja": ("自動応答", "自動返信", "自動回答"),
    "zh": ("自动(?:答复|回复)", "自動(?:回覆|回复|答覆)"),
    "ko": ("자동\\s?(?:회신|응답|답장)",),
    "id": ("balasan otomatis",),
    "vi": ("trả lời tự động",),
    "th": ("ตอบกลับอัตโนมัติ",),
    "ca": ("resposta automàtica",),
}  # fmt: skip

# First lines of absence.
_ABSENT_TEXT = (
    "(?:i am|i'm|i’m|i will be|i'll be|we are|is) (?:currently |presently |now )?(?:out of (?:the )?office|away|"
     "on (?:vacation|holiday|annual leave|leave|maternity|parental)|not (?:in|at) (?:the |my )?(?:office|desk)|"
     "travell?ing|unavailable)", "i(?: will|'ll|’ll) (?:return|be back) (?:on|in|at|after)",
    r"(?:^|\n)\s*(?:i am |i'm )?out of (?:the )?office (?:until|till|from|through|between|next|this|today)",
    "(?:limited|no) access to (?:my )?e-?mail", r"thank you for your (?:message|e-?mail)[^\n]{0,30}(?:out of|away|on leave)",
    r"ich bin (?:derzeit |momentan |zur zeit |bis |vom |ab |aktuell )?[^\n]{0,50}(?:nicht (?:im|erreichbar)|"
     "abwesend|im urlaub|außer haus)",
    "je suis (?:actuellement )?(?:absente?|en cong|en vacances|en déplacement)",
    r"(?:estoy|estaré|me encuentro|estar[eé]) [^\n]{0,24}(?:fuera|ausente|de vacaciones)",
    "sono (?:attualmente )?(?:fuori|assente|in ferie)", r"estou [^\n]{0,24}(?:fora|ausente|de f[eé]rias)",
    r"ik ben [^\n]{0,40}(?:afwezig|niet aanwezig|op vakantie|met vakantie)",
    r"jag (?:är|har) [^\n]{0,24}(?:semester|inte på kontoret|frånvarande|borta|ledig)",
    r"jeg (?:er|har) [^\n]{0,24}(?:ferie|ikke på kontoret|fraværende|ikke til stede)", r"olen [^\n]{0,24}(?:lomalla|poissa)",
    r"(?:jestem|będę|przebywam) [^\n]{0,24}(?:nieobecn|na urlopie|poza biurem)", r"jsem [^\n]{0,24}(?:mimo kancelář|na dovolené|nepřítom)",
    r"(?:я )?(?:нахожусь|буду|сейчас) [^\n]{0,24}(?:отпуск|вне офиса|отсутств)", "szabadságon", "izindeyim", "ofis dışında",
    "不在に", "休暇", "外出して", "不在办公室", "正在休假", "부재중", "휴가",
)  # fmt: skip

# Receipts of desks for what came in.
_CONFIRMS = (
    "we(?:'ve| have)? (?:just )?received", "thank you for contacting",
    r"(?:request|ticket|case|inquiry|enquiry|message)[^\n]{0,40}(?:has been|was) (?:received|created|opened|registered|logged|assigned)",
    "eingangsbestätigung", r"(?:ihre|deine) (?:anfrage|nachricht|e-?mail)[^\n]{0,40}(?:erhalten|eingegangen)",
    "accusé de réception", "avons bien reçu", "bien été (?:reçu|enregistr)", "acuse de recibo", "hemos recibido", "abbiamo ricevuto",
    "conferma di ricezione", "recebemos (?:a|o) s", "ontvangstbevestiging", r"(?:hebben|hebt) [^\n]{0,40}ontvangen",
    "vi har (?:mottagit|modtaget|mottatt)", "potwierdzenie (?:odbioru|otrzymania)", "ваш[ае] (?:заявк|обращени)",
    "受け付けました", "已收到您",
)  # fmt: skip

# What machines say of themselves.
_GENERATED = (
    "this is an? (?:automatic|automated)", "automatically generated", "do not reply to this", "please do not (?:reply|respond)",
    "automatisch (?:erstellt|generiert|erzeugt|bericht|gegenereerd)", "nicht auf diese", "(?:généré|envoyé) automatiquement",
    "ne pas répondre", "mensaje (?:es )?automático", "no responda", "messaggio automatico", "non rispondere", "mensagem automática",
    "não responda", "niet (?:te )?beantwoorden", "wygenerowana", "автоматическ", "自動送信", "自動配信", "自动发送", "자동으로 발송",
)  # fmt: skip

# What clients call a read receipt, before the subject that it is about.
_RECEIPT = (
    "read(?: receipt)?", "not read", r"(?:mail )?(?:return|read)[ -]receipt(?: \(displayed\))?", "displayed", "gelesen",
    "ungelesen", "nicht gelesen", "lesebestätigung", "empfangsbestätigung", "lu", "non lu",
    "accusé de (?:lecture|réception)", "confirmation de lecture", "le[ií]do", "no le[ií]do", "confirmaci[oó]n de lectura",
    "acuse de recibo", "letto", "non letto", "conferma di lettura", "ricevuta di ritorno", "lida", "lido", "não lida",
    "confirmação de leitura", "recibo de leitura", "gelezen", "niet gelezen", "leesbevestiging", "ontvangstbevestiging",
    "läst", "oläst", "läskvitto", "kvitto", "læst", "lest", "lesekvittering", "kvittering", "luettu", "lukukuittaus",
    "przeczytan[oy]", "potwierdzenie (?:odczytu|przeczytania)", "přečteno", "potvrzení o přečtení", "prečítané", "olvasva",
    "elolvasva", "olvasási visszaigazolás", "citit", "прочитано", "уведомление о прочтении", "прочетено", "διαβάστηκε",
    "okundu", "pročitano", "prebrano", "נקרא", "مقروءة", "تمت القراءة", "開封済み", "開封確認", "已读", "已讀", "读取",
    "읽음", "dibaca",
    "đã đọc",
)  # fmt: skip
_RECEIPT_TEXT = (
    r"your message[^\n]{0,20}(?:\n[^\n]{0,120}){0,8}\n?[^\n]{0,40}(?:was|were|has been) (?:read|displayed|opened|"
     "deleted without)",
    "(?:return|read) receipt for (?:the|your) (?:mail|message)",
    "this (?:is a )?(?:return|read|receipt) (?:receipt|only acknowledges|verifies)", "message has been (?:displayed|read)",
    "disposition:", r"ihre nachricht(?:[^\n]{0,120}\n?){0,8}(?:gelesen|geöffnet|angezeigt)",
    "dies ist eine (?:empfangs|lese)bestätigung", r"votre message(?:[^\n]{0,120}\n?){0,8}a été (?:lu|ouvert|affiché)",
    r"(?:su|el) mensaje(?:[^\n]{0,120}\n?){0,8}(?:leído|visualizado)",
    r"il messaggio(?:[^\n]{0,120}\n?){0,8}(?:è stato )?(?:letto|visualizzato)",
    r"mensagem(?:[^\n]{0,120}\n?){0,8}(?:foi )?(?:lida|exibida)", r"uw bericht(?:[^\n]{0,120}\n?){0,8}gelezen",
    r"(?:ditt|dit|din) (?:meddelande|melding|meddelelse|besked)(?:[^\n]{0,120}\n?){0,8}(?:lästes|läst|lest|læst)",
    r"(?:wiadomość|zpráva|üzenet|сообщени|сообщение)(?:[^\n]{0,120}\n?){0,8}(?:przeczytan|přečten|olvas|прочитан)",
    r"メッセージ[^\n]{0,60}開封", r"已(?:于|被)[^\n]{0,40}(?:读|讀)",
)  # fmt: skip


def _joined(table: dict[str, tuple[str, ...]]) -> str:
    return "|".join(phrase for phrases in table.values() for phrase in phrases)


_EXCHANGE = "|".join(phrases[0] for phrases in _ANSWERED.values())
_PREFIX = rf"(?:{ANSWERS.pattern})?\s*[\[(<*\"]?\s*"
_AFTER = r"\s*[\])>*\"]*\s*(?:autoreply|auto-reply|reply|assistant)?\s*"
# The phrase, then a colon or the end: how machines write it.
AS_MACHINES_WRITE = re.compile(
    rf"\s*[\[(<*\"]?\s*(?:(?P<absent>{_joined(_ABSENT)}|{_EXCHANGE})|{_joined(_ANSWERED)}){_AFTER}(?:[:\uff1a]|-\s|\Z)", re.I
)
# It begins with the phrase, after `Re:` or not: a sign only where there is another.
BEGINS = re.compile(rf"{_PREFIX}(?:auto\s*:|(?P<absent>{_joined(_ABSENT)}|{_joined(_TOPICS)})|{_joined(_ANSWERED)})", re.I)
RECEIPT = re.compile(rf"\s*(?:{'|'.join(_RECEIPT)})\s*(?:[:\uff1a]|\Z|-\s|\()", re.I)


@cache
def absent_text() -> re.Pattern[str]:
    """First lines of absence."""
    return re.compile("|".join(_ABSENT_TEXT), re.I)


@cache
def confirmation() -> re.Pattern[str]:
    """What desks say of what came in."""
    return re.compile("|".join(_CONFIRMS), re.I)


@cache
def receipt_text() -> re.Pattern[str]:
    """The one sentence of a read receipt."""
    return re.compile("|".join(_RECEIPT_TEXT), re.I)


@cache
def generated() -> re.Pattern[str]:
    """What machines say of themselves."""
    return re.compile("|".join(_GENERATED), re.I)
