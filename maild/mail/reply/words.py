"""What mail clients write around a quoted or forwarded message, by language. Data: a new language is a new row."""

from __future__ import annotations

# Header labels above a quoted message: from / to / cc / bcc / date / subject / reply-to; several ways separated by `|`.
LABELS = {
    "en": ("from|sender", "to|recipient|recipients|sent to", "cc|copy", "bcc", "date|sent|sent at|sent on|received", "subject", "reply-to|reply to"),
    "fr": ("de|expéditeur|envoyé par", "à|a|pour|destinataire", "cc|copie|copie à", "cci", "date|envoyé|envoyé le|message du", "objet|sujet", "répondre à"),
    "de": ("von|absender", "an|empfänger", "kopie|kopie (cc)|cc", "blindkopie|bcc", "datum|gesendet|gesendet am", "betreff", "antwort an|antworten an"),
    "es": ("de|remitente", "para|a|destinatario", "cc|copia", "cco|cco (bcc)", "fecha|enviado|enviado el|enviado en", "asunto", "responder a"),
    "nl": ("van|afzender", "aan", "cc|kopie", "bcc", "datum|verzonden|verstuurd", "onderwerp", "antwoord aan|beantwoorden"),
    "it": ("da|mittente", "a|destinatario", "cc|copia", "ccn", "data|inviato|inviata|data invio", "oggetto", "rispondi a|rispondere a"),
    "pt": ("de|remetente", "para|destinatário", "cc|com cópia", "cco|bcc", "data|enviado|enviada|enviada em|enviado em|enviado por", "assunto", "responder a|responder para"),
    "da": ("fra|afsender", "til|modtager", "cc|kopi", "bcc", "dato|sendt", "emne", "svar til"),
    "no": ("fra|avsender", "til|mottaker", "kopi|kopi til|cc", "blindkopi", "dato|sendt", "emne", "svar til|svar-til"),
    "sv": ("från|avsändare", "till|mottagare", "kopia|cc", "hemlig kopia", "datum|skickat|skickades", "ämne", "svar till|svara till"),
    "fi": ("lähettäjä", "vastaanottaja", "kopio|cc", "piilokopio", "päivämäärä|pvm|lähetetty", "aihe", "vastausosoite|vastaus"),
    "et": ("saatja|kellelt", "saaja|kellele|adressaat", "koopia", "pimekoopia", "kuupäev|saadetud", "teema", "vastus"),
    "lv": ("no|sūtītājs", "kam|adresāts", "kopija", "", "datums|nosūtīts", "tēma|temats", "atbildēt"),
    "lt": ("nuo|siuntėjas", "kam|skirta", "kopija", "", "data|išsiųsta", "tema", "atsakyti"),
    "pl": ("od|nadawca", "do|adresat", "dw|kopia|do wiadomości", "udw", "data|wysłano|wysłane", "temat", "odpowiedź do|odpowiedz do"),
    "cs": ("od|odesílatel", "komu|příjemce", "kopie|kopie komu", "skrytá kopie", "datum|odesláno", "předmět|věc", "odpověď komu"),
    "sk": ("od|odosielateľ", "komu|pre|príjemca|adresát", "kópia", "skrytá kópia", "dátum|odoslané", "predmet|vec", "odpoveď komu|odpovedať"),
    "sl": ("od|pošiljatelj", "za|prejemnik", "kp|kopija", "skp", "datum|poslano", "zadeva", "odgovor"),
    "hr": ("šalje|od|pošiljatelj", "prima|za|primatelj", "kopija|kopija (cc)|cc", "", "datum|poslano", "predmet|naslov", "odgovori"),
    "sr": ("од|пошиљалац|šalje", "за|коме|прималац|kome", "копија|kopija", "", "датум|послато|poslato", "тема|наслов|naslov", ""),
    "hu": ("feladó|küldő", "címzett", "másolat|másolatot kap", "titkos másolat", "dátum|küldve|elküldve", "tárgy", "válaszcím"),
    "ro": ("de la|expeditor", "către|la|destinatar", "cc", "", "dată|data|trimis|trimisă|trimis la", "subiect", "răspuns către"),
    "bg": ("от|подател", "до|получател", "копие", "", "дата|изпратено", "тема|относно", ""),
    "ru": ("от|отправитель|от кого", "кому|получатель", "копия", "скрытая копия", "дата|отправлено", "тема", "ответить|кому ответить|ответ"),
    "uk": ("від|від кого|відправник", "кому|до|одержувач", "копія", "", "дата|надіслано", "тема", "відповісти"),
    "el": ("από|αποστολέας", "προς|παραλήπτης", "κοιν|κοινοποίηση", "", "ημερομηνία|στάλθηκε|εστάλη", "θέμα", "απάντηση σε"),
    "tr": ("kimden|gönderen", "kime|alıcı|kime/kimlere", "bilgi|cc|kopya", "gizli", "tarih|gönderildi|gönderilen|gönderme tarihi", "konu", "yanıt|yanıtla"),
    "ca": ("de", "per a|a", "a/c", "", "data|enviat|enviat el", "assumpte", ""),
    "eu": ("nork", "nori", "", "", "data|bidaltze-data|bidalia", "gaia", ""),
    "gl": ("de", "para", "", "", "data|enviado", "asunto", ""),
    "is": ("frá", "til", "afrit", "", "dagsetning|sent|dags", "efni", ""),
    "vi": ("từ|người gửi", "đến|tới|người nhận", "cc", "", "ngày|đã gửi|vào", "chủ đề|tiêu đề", ""),
    "id": ("dari|pengirim", "kepada|untuk|ke", "cc|salinan", "", "tanggal|dikirim|terkirim", "subjek|perihal|hal", ""),
    "ms": ("daripada", "kepada", "", "", "tarikh|dihantar", "subjek", ""),
    "th": ("จาก|ผู้ส่ง", "ถึง|ผู้รับ", "สำเนาถึง|สำเนา", "", "วันที่|ส่ง|เวลา", "เรื่อง|หัวเรื่อง", ""),
    "ar": ("من", "إلى|الى", "نسخة|نسخة إلى", "", "التاريخ|تاريخ الإرسال|تم الإرسال|أرسلت", "الموضوع", ""),
    "he": ("מאת|מ", "אל|נמען", "עותק", "", "נשלח|תאריך|בתאריך", "נושא", ""),
    "fa": ("از|فرستنده", "به|گیرنده", "رونوشت", "", "تاریخ|ارسال", "موضوع", ""),
    "hi": ("प्रेषक|की ओर से", "प्रति|प्राप्तकर्ता", "", "", "दिनांक|भेजा गया|तारीख", "विषय", ""),
    "zh": ("发件人|寄件者|寄件人|發件人|发信人", "收件人|收件者|收信人", "抄送|副本|抄送人|抄 送", "密送|密件副本", "日期|发送时间|发送日期|寄件日期|傳送時間|發送時間|时间|日期时间|發送日期", "主题|主旨|主題|标题", "回复|回覆"),
    "ja": ("差出人|送信者|送信元|from", "宛先|送信先", "cc", "", "日時|送信日時|日付|送信済み|送信日", "件名", "返信先"),
    "ko": ("보낸 사람|보낸사람|보내는 사람|보낸이|보낸 이|보내는이|발신|발신자|발신인", "받는 사람|받는사람|받는이|받는 이|수신|수신자", "참조", "숨은 참조", "보낸 날짜|날짜|보낸날짜|보낸 시간|일시", "제목", "회신"),
}  # fmt: skip
KINDS = ("from", "to", "cc", "bcc", "date", "subject", "reply-to")
# What clients put between these, and nobody needs.
OTHER_LABELS = (
    "importance|priority|attachments|attachment|organization|organisation|message-id|sensitivity|importanza|priorität|wichtigkeit|anlagen|importance|"
    "pièces jointes|pj|bijlagen|bijlage|urgentie|importancia|datos adjuntos|allegati|priorità|anexos|prioridade|załączniki|priorytet|přílohy|důležitost|"
    "вложения|важность|bilagor|prioritet|vigtighed|vedhæftede filer|vedlegg|tärkeys|liitteet|önem|ekler|附件|重要性|添付ファイル|重要度|첨부|중요도|via|list-id"
)

# Third person, as in `On Monday, Ann wrote:`; the first person is nobody's attribution (`FIRST_PERSON`).
WROTE = (
    "wrote|writes|sent|said|a écrit|écrivait|schrieb|geschrieben|escribió|ha escrito|schreef|geschreven|ha scritto|scrisse|escreveu|skrev|kirjoitti|kirjutas|"
    "rakstīja|parašė|rašė|napisała|napisał|pisze|napsala|napsal|píše|napísala|napísal|je napisala|"
    "je napisal|piše|je napisao|napisala je|napisao je|је написао|је написала|написао је|írta|ezt írta|a scris|написа|"
    "написала|написал|пишет|написав|пише|έγραψε|yazdı|şunu yazdı|şunları yazdı|va escriure|idatzi du|escribiu|skrifaði|"
    "đã viết|viết|menulis|berkata|เขียนว่า|เขียน|كتب|كتبت|כתב|כתבה|נכתב על ידי|مأت|نوشت|ने लिखा|napisano|viết vào|tulis"
)  # fmt: skip
FIRST_PERSON = (
    r"\bi (?:wrote|sent|said)|\bwe (?:wrote|sent|said)|schrieb ich|schrieben wir|\bich schrieb|schreef ik|\bik schreef|j'ai écrit|nous avons écrit"
    r"|ho scritto|abbiamo scritto|escribí\b|skrev (?:jag|jeg|vi)\b|napisałem|napisałam|\bя написал|kirjoitin|escrevi\b|\bi've (?:written|sent)"
)
# What stands between date and name there, and belongs to neither.
FILLERS = (
    "heeft|het volgende|időpontban|používateľ|uživatel|użytkownik|korisnik|korisnica|пользователь|користувач|folgendes|följande|følgende|tarihinde|tarihli|"
    "from|by|von|från|fra|od|от|від|de|del|da|di|van|par|af|av|lähettäjä|le|il|el|kl|klo|um|uhr|at|om|à|a las|alle|às|ore|o|в|о|u|på|den|în data de|"
    "am|pm|gmt|utc|cet|cest|eest|eet|于|在|、|，|,|:|wrote|schrieb|schreef|skrev|kirjoitti|sent|viết"
)

# Titles above a quoted message: `-----Original Message-----`.
ORIGINAL = (
    "original message|reply message|original|message d'origine|message original|message initial|ursprüngliche nachricht|originalnachricht|original-nachricht|antwort nachricht|"
    "original nachricht|mensaje original|oorspronkelijk bericht|origineel bericht|messaggio originale|messaggio originario|mensagem original|oprindelig meddelelse|oprindelig besked|"
    "opprinnelig melding|original melding|ursprungligt meddelande|originalmeddelande|alkuperäinen viesti|algne kiri|sākotnējais ziņojums|pradinis laiškas|oryginalna wiadomość|"
    "wiadomość oryginalna|wiadomość pierwotna|původní zpráva|původní e-mail|pôvodná správa|izvirno sporočilo|izvorna poruka|originalna poruka|оригинална порука|eredeti üzenet|"
    "mesaj original|mesajul original|оригинално съобщение|исходное сообщение|исходное письмо|первоначальное сообщение|оригинальное сообщение|вихідне повідомлення|"
    "початкове повідомлення|оригінальне повідомлення|αρχικό μήνυμα|özgün ileti|orijinal mesaj|asıl mesaj|orijinal ileti|missatge original|jatorrizko mezua|upprunaleg skilaboð|"
    "thư gốc|tin nhắn gốc|pesan asli|pesan orisinal|ข้อความต้นฉบับ|الرسالة الأصلية|رسالة أصلية|הודעה מקורית|پیام اصلی|मूल संदेश|原始邮件|原始郵件|原邮件|原文|元のメッセージ|"
    "元のメール|original mail|원본 메시지|원본 메일|원본메일|original-message"
)
# Titles above a forwarded one: `---------- Forwarded message ---------`, `Begin forwarded message:`.
FORWARDED = (
    "forwarded message|begin forwarded message|start of forwarded message|forwarded by|message transféré|message transmis|mail transféré|e-mail transféré|mél transféré|mail transmis|message réexpédié|début du message transféré|"
    "début du message réexpédié|courriel transféré|weitergeleitete nachricht|weitergeleitete mail|weitergeleitete e-mail|anfang der weitergeleiteten nachricht|beginn der weitergeleiteten nachricht|"
    "mensaje reenviado|inicio del mensaje reenviado|mensaje desviado|doorgestuurd bericht|begin doorgestuurd bericht|doorgezonden bericht|messaggio inoltrato|"
    "inizio messaggio inoltrato|inizio del messaggio inoltrato|messaggio rinviato|mensagem encaminhada|mensagem reencaminhada|início da mensagem encaminhada|"
    "início da mensagem reencaminhada|início de mensagem reencaminhada|videresendt meddelelse|videresendt besked|start på videresendt besked|videresendt melding|"
    "videresendt e-post|start på videresendt melding|starten på den videresendte meldingen|påbegynder videresendt besked|videreformidlet besked|vidarebefordrat meddelande|vidarebefordrat mejl|"
    "vidarebefordrat e-post|börjar vidarebefordrat brev|vidarebefordrat brev|början på vidarebefordrat brev|edelleenlähetetty viesti|välitetty viesti|välitetty viesti alkaa|edelleen lähetetty viesti|"
    "edastatud kiri|edastatud sõnum|pārsūtīts ziņojums|pārsūtītā ziņa|persiųstas laiškas|persiunčiamas laiškas|wiadomość przesłana dalej|przekazana wiadomość|przekazywana wiadomość|"
    "treść przekazanej wiadomości|początek przekazywanej wiadomości|początek przekazanej wiadomości|wiadomość przekazana dalej|přeposlaná zpráva|přeposílaná zpráva|začátek přeposílané zprávy|začátek přeposlané zprávy|"
    "preposlaná správa|začiatok preposlanej správy|posredovano sporočilo|začetek posredovanega sporočila|proslijeđena poruka|započni proslijeđenu poruku|početak proslijeđene poruke|prosleđena poruka|прослеђена порука|"
    "továbbított üzenet|továbbított levél|továbbított levél kezdete|továbbított üzenet kezdete|mesaj redirecționat|mesaj redirectionat|mesaj transmis mai departe|mesaj înaintat|început mesaj redirecționat|început mesaj redirecţionat|începutul mesajului redirecționat|începe mesajul redirecționat|препратено съобщение|начало на препратеното съобщение|"
    "пересылаемое сообщение|перенаправленное сообщение|пересланное сообщение|переадресованное сообщение|начало переадресованного сообщения|начало пересылаемого сообщения|конец переадресованного сообщения|пересылаемое письмо|пересланное письмо|"
    "переслане повідомлення|перенаправлене повідомлення|початок листа, що пересилається|початок переадресованого повідомлення|προωθημένο μήνυμα|έναρξη προωθημένου μηνύματος|"
    "iletilmiş mesaj|iletilen mesaj|yönlendirilmiş ileti|yönlendirilen ileti|iletilen ileti|i̇letilmiş mesaj|i̇letilen mesaj|i̇letilen ileti|i̇letilen i̇leti|missatge reenviat|comença el missatge reenviat|birbidalitako mezua|mensaxe reenviada|framsent skeyti|áframsent skeyti|"
    "thư được chuyển tiếp|thư đã chuyển tiếp|tin nhắn đã chuyển tiếp|bắt đầu thư được chuyển tiếp|pesan terusan|pesan yang diteruskan|mulai pesan yang diteruskan|mesej dimajukan|ข้อความที่ส่งต่อ|เริ่มข้อความที่ส่งต่อ|رسالة معاد توجيهها|الرسالة المعاد توجيهها|"
    "رسالة مُعاد توجيهها|بداية الرسالة المعاد توجيهها|الرسالة المُعاد توجيهها|הודעה שהועברה|הודעה שהועברה הלאה|תחילת ההודעה שהועברה|پیام بازارسال‌شده|अग्रेषित संदेश|फॉरवर्ड किया गया संदेश|转发的邮件|转发邮件|轉寄郵件|已转发的邮件|被转发邮件|開始轉寄郵件|開始轉寄訊息|轉寄的訊息|转发信息|"
    "以下是转发的邮件|开始转发的邮件|开始转发邮件|開始轉寄的郵件|開始轉寄郵件|下面是被转发的邮件|转发邮件信息|转发的消息|轉寄的郵件|転送されたメッセージ|転送メッセージ|転送メール|転送されたメール|전달된 메시지|전달된 메일|전달한 메시지|전달된 편지"
)  # fmt: skip
FORWARD_PREFIXES = (
    "fw|fwd|forward|forwarded|wg|weitergeleitet|weitergel|tr|trans|transf|rv|reenv|reenviado|enc|encaminhado|res enc|i|inoltro|r|doorst|dst|vs|vl|vb|videresend|videresendt|vidarebefordrat|vedr|"
    "välitys|ynt|ilt|i̇lt|pd|prz|przekazano|přep|přeposláno|fs|továbbítás|tovabbitas|továbbítva|πρθ|προωθ|转发|轉寄|转|転送|전달|إعادة توجيه|إ.ت|העברה|הועבר|пересл|пересылка|переслано|turpinājums|persiųsta|redirecționat"
)  # fmt: skip
REPLY_PREFIXES = "re|aw|antw|antwort|sv|svar|vá|odp|odpowiedź|ynt|yan|yanıt|res|rif|r|ref|回复|回覆|答复|返信|回复|답장|회신|отв|ответ|відп|απ|σχετ|vs|bls|ats|atb|hf|re\\[\\d+\\]|rép|réf|tr re|jawab|bls|trả lời|رد|השב|תשובה"

# Footers that a telephone or a program adds; what it is called may follow.
FOOTERS = (
    "sent from|sent via|sent using|sent with|sent by|get outlook for|gesendet von|gesendet mit|von meinem|von unterwegs gesendet|diese nachricht wurde von mein|mit freundlichen grüßen von meinem|holen sie sich outlook|outlook für|"
    "envoyé de|envoyé à partir|envoyé depuis|envoyé avec|envoyé par|télécharger outlook|obtenez outlook|obtenir outlook|provenance de courrier|enviado desde|enviado de|enviado con|enviado a partir|enviado do|"
    "enviado da|enviado pelo|enviado via|enviada do|obtener outlook|obtenga outlook|descargar outlook|obter o outlook|obtenha o outlook|baixe o outlook|verzonden vanaf|verzonden met|verzonden via|verstuurd vanaf|verstuurd met|verstuurd vanuit|outlook voor|"
    "inviato da|inviato dal|inviato con|inviata da|scarica outlook|ottieni outlook|sendt fra|sendt med|sendt via|hent outlook|skaff deg outlook|skickat från|skickat med|skickades från|sänt från|hämta outlook|lähetetty|lähetä|hanki outlook|saadetud minu|nosūtīts no|išsiųsta iš|"
    "wysłane z|wysłano z|wysłane za|pobierz outlook|pobierz program outlook|odesláno z|odesláno ze|získejte outlook|odoslané z|odoslané zo|získať outlook|poslano z|poslano s|poslano iz|poslato sa|elküldve|küldve|az iphone|outlook beszerzése|trimis de pe|trimis din|obțineți outlook|"
    "изпратено от|отправлено с|отправлено из|отправлено от|скачать outlook|получить outlook|надіслано з|відправлено з|отримайте outlook|στάλθηκε από|λήψη του outlook|iphone'umdan|iphone’umdan|gönderildi|outlook'u edinin|enviat des|iphone-umdan|sent frá|"
    "được gửi từ|đã gửi từ|gửi từ|dikirim dari|dikirim menggunakan|ส่งจาก|تم الإرسال من|أُرسلت من|أرسلت من|مرسل من|نشלח|נשלח מ|ارسال شده از|发自我的|发自|從我的|傳送自|寄自|来自我的|发送自|iphoneから送信|から送信|androidから|나의|내 iphone|iphone에서|갤럭시|에서 보냄"
)  # fmt: skip
DEVICES = (
    r"iphone|ipad|ipod|android|samsung|galaxy|blackberry|windows phone|nokia|huawei|xiaomi|redmi|oneplus|pixel|motorola|htc|sony|xperia|lg |wiko|oppo|honor|"
    r"handy|smartphone|smart phone|telefon|tablet|tablette|móvil|celular|mobil|mobile|mobiele|telefoon|cell|device|outlook|gmail|yahoo|mail|thunderbird|proton|spark|"
    r"typeapp|bluemail|nine|newton|airmail|mailbird|zoho|superhuman|front|hey|workspace|courrier|correo|posta|poczt|pošt|e-mail|app\b|appli|web\.de|gmx|tuta|fairphone|mac\b|phone|telef|téléphone|puhelim|手机|手機|移动|電話|휴대|جهاز|هاتف|מכשיר|ipho|телефон|планшет|мобил|устройств|моего|мого|torch|pixels"
)

# Lines with which people close; a name or a few lines of a card follow.
CLOSINGS = (
    "best|best regards|kind regards|regards|warm regards|warmest regards|kindest regards|with kind regards|with best regards|best wishes|all the best|sincerely|yours sincerely|sincerely yours|yours faithfully|yours truly|yours|"
    "respectfully|cheers|br|kr|rgds|brgds|b.r|k.r|cordially|with regards|many regards|greetings|kind greetings|take care|"
    "cordialement|bien cordialement|très cordialement|bien à vous|bien à toi|salutations|sincères salutations|salutations distinguées|meilleures salutations|amicalement|cdlt|cdt|sincèrement|respectueusement|"
    "veuillez agréer mes salutations distinguées|"
    "mit freundlichen grüßen|mit freundlichen grüssen|mit freundlichem gruß|mit freundlichem gruss|freundliche grüße|freundliche grüsse|viele grüße|viele grüsse|liebe grüße|beste grüße|beste grüsse|schöne grüße|herzliche grüße|gruß|gruss|grüße|"
    "grüsse|mfg|lg|vg|bg|hochachtungsvoll|freundlichst|freundlicher gruß|besten gruß|mit besten grüßen|mit lieben grüßen|"
    "saludos|un saludo|saludos cordiales|cordiales saludos|cordialmente|atentamente|un cordial saludo|atentos saludos|muy atentamente|reciba un cordial saludo|un abrazo|abrazos|atte|"
    "met vriendelijke groet|met vriendelijke groeten|vriendelijke groet|vriendelijke groeten|groet|groeten|groetjes|hartelijke groet|hartelijke groeten|mvg|hoogachtend|met hartelijke groet|"
    "cordiali saluti|distinti saluti|cordialmente|saluti|un saluto|tanti saluti|un cordiale saluto|a presto|"
    "cumprimentos|com os melhores cumprimentos|melhores cumprimentos|atenciosamente|att|abraços|abraço|um abraço|cordialmente|com os meus cumprimentos|saudações|atentamente|"
    "med venlig hilsen|venlig hilsen|venlige hilsner|mvh|kh|vh|dbh|hilsen|mange hilsner|bedste hilsner|med venlige hilsner|kærlig hilsen|med vennlig hilsen|vennlig hilsen|beste hilsen|hilsener|"
    "med vänliga hälsningar|vänliga hälsningar|med vänlig hälsning|vänligen|hälsningar|bästa hälsningar|hälsning|"
    "ystävällisin terveisin|terveisin|parhain terveisin|t|yt|ystävällisesti|parimate soovidega|lugupidamisega|tervitades|ar cieņu|pagarbiai|su pagarba|"
    "pozdrawiam|z poważaniem|z powazaniem|pozdrowienia|serdecznie pozdrawiam|łączę pozdrowienia|z wyrazami szacunku|serdeczności|s pozdravem|s přátelským pozdravem|hezký den|pozdrav|zdravím|s pozdravom|s úctou|lep pozdrav|lp|s spoštovanjem|"
    "srdačan pozdrav|lijep pozdrav|s poštovanjem|pozdrav|поздрав|срдачан поздрав|üdvözlettel|tisztelettel|üdv|cu stimă|cu respect|o zi bună|cu drag|"
    "с уважение|поздрави|с уважением|всего доброго|с наилучшими пожеланиями|с приветом|наилучшими пожеланиями|з повагою|всього найкращого|με εκτίμηση|φιλικά|με φιλικούς χαιρετισμούς|"
    "saygılarımla|saygılar|iyi çalışmalar|sevgiler|iyi günler|atentament|salutacions|cordialment|agur bero bat|saúdos|kveðja|kær kveðja|með kveðju|bestu kveðjur|"
    "trân trọng|thân mến|kính thư|salam|hormat saya|terima kasih dan salam|ขอแสดงความนับถือ|مع التحية|تحياتي|مع أطيب التحيات|وتفضلوا بقبول فائق الاحترام|בברכה|בכבוד רב|با احترام|सादर|"
    "此致|敬礼|祝好|顺祝商祺|敬具|よろしくお願いいたします|以上、よろしくお願いいたします|감사합니다|드림"
)  # fmt: skip

# Words of which a notice at the very end has at least two: nobody writes it by hand.
DISCLAIMER = (
    r"confidential|privileged|intended (?:solely|only|recipient)|disclaimer|unauthori[sz]ed|virus-free|think before you print|before printing|scanned (?:by|for)|legally binding|any views|disseminat|"
    r"vertraulich|rechtlich geschützt|nicht der richtige adressat|irrtümlich erhalten|unbefugt|registergericht|handelsregister|amtsgericht|geschäftsführer|"
    r"confidentiel|destinataire|exclusivement|par erreur|imprimer ce|confidencial|destinatario|exclusivamente|por error|imprimir este|protección de datos|"
    r"vertrouwelijk|uitsluitend bestemd|geadresseerde|ten onrechte|afdrukt|riservat|esclusivamente|destinatari|per errore|confidenziali|dlgs|gdpr|destinatário|por engano|sigilos|"
    r"avast|avg\.com|kaspersky|eset|virus"
)

# Lines that a desk puts on top of its mails: what stands above them is the answer.
REPLY_ABOVE = (
    r"(?:repl\w+|respon\w+|answer\w*|type|write|comment) [^\n]{0,40}(?:above|over) th(?:is|e) line|##-[^\n]{5,100}-##|au-dessus de cette ligne|(?:über|oberhalb) dieser (?:zeile|linie)|"
    r"(?:encima|arriba) de esta línea|boven deze (?:regel|lijn)|sopra (?:di )?questa (?:riga|linea)|acima desta linha|ovanför (?:denna|den här) rad|(?:over|ovenfor) denne linj|"
    r"tämän (?:rivin|viivan) yläpuolelle|(?:nad|powyżej) tej linii|nad tímto řádkem|nad týmto riadkom|e sor fölé|deasupra acestei linii|выше этой (?:строки|линии)|вище цього рядка|bu satırın üst|"
    r"请在此行上方|請在此行上方|この行より上|이 줄 위에"
)
