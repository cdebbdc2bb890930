"""The languages of Asia, from Hebrew and Arabic to Japanese. Data only."""

from __future__ import annotations

from maild.mail.reply.languages.language import Language

ASIAN = (
    Language(
        tag="he",
        author="מאת | מ | שולח | השולח",
        to="אל | נמען | לכבוד | נמענים",
        cc="עותק | העתק",
        bcc="עותק מוסתר | עותק נסתר",
        date="נשלח | תאריך | בתאריך | נשלח בתאריך",
        subject="נושא | הנדון",
        reply_to="השב אל | השב ל",
        other="קבצים מצורפים | חשיבות",
        leads="בתאריך",
        wrote="כתב | כתבה | נכתב על ידי | כתבת",
        we_wrote="כתבתי | כתבנו | שלחתי | שלחנו",
        fillers="מאת | בשעה | יום",
        at="בשעה",
        original="הודעה מקורית | ההודעה המקורית",
        forwarded="""
            הודעה שהועברה | הודעה שהועברה הלאה | תחילת ההודעה שהועברה | תחילת הודעה שהועברה | הודעה מועברת
            סוף ההודעה שהועברה
        """,
        on_behalf="בשם",
        forward_prefixes="העברה | הועבר | הע",
        reply_prefixes="השב | תשובה | תגובה",
        footers="נשלח מ | נשלח באמצעות | נשלח מה | קבל את Outlook | הורד את Outlook | נשלח מאת",
        devices="מכשיר | טלפון | סלולרי",
        closings="בברכה | בכבוד רב | בתודה ובברכה | בברכה רבה | כל טוב | בכבוד | תודה ובברכה",
        notices="חסוי | סודי | הנמען | בטעות",
        reply_above="מעל שורה זו | מעל לשורה זו | מעל הקו הזה",
    ),
    Language(
        tag="ar",
        author="من | المرسل",
        to="إلى | الى | المستلم | المرسل إليه",
        cc="نسخة | نسخة إلى",
        bcc="نسخة مخفية",
        date="التاريخ | تاريخ الإرسال | تم الإرسال | أرسلت | تاريخ",
        subject="الموضوع",
        reply_to="الرد إلى | رد إلى",
        other="المرفقات | الأهمية",
        leads="في | بتاريخ | في يوم",
        wrote="كتب | كتبت | كتب ما يلي | تمت كتابة ما يلي بواسطة",
        we_wrote="كتبنا | أرسلنا | لقد كتبت | أنا كتبت",
        fillers="من | في | الساعة | بواسطة | ص | م",
        at="في | الساعة",
        original="الرسالة الأصلية | رسالة أصلية | الرسالة الاصلية",
        forwarded="""
            رسالة معاد توجيهها | الرسالة المعاد توجيهها | رسالة مُعاد توجيهها | بداية الرسالة المعاد توجيهها
            الرسالة المُعاد توجيهها | بدء الرسالة المعاد توجيهها | رسالة محولة | رسالة مُعادة التوجيه
            نهاية الرسالة المعاد توجيهها
        """,
        on_behalf="بالنيابة عن | نيابة عن",
        forward_prefixes="إعادة توجيه | إ.ت | تحويل | اعادة توجيه",
        reply_prefixes="رد | الرد",
        footers="""
            تم الإرسال من | أُرسلت من | أرسلت من | مرسل من | تم إرسالها من | أرسل من | احصل على Outlook | الحصول على Outlook
        """,
        devices="جهاز | هاتف | الجوال | بريد",
        closings="""
            مع التحية | تحياتي | مع أطيب التحيات | وتفضلوا بقبول فائق الاحترام | مع خالص التحية | أطيب التحيات | مع تحياتي
            مع خالص التحيات | مع الشكر والتقدير | وتفضلوا بقبول فائق الاحترام والتقدير | مع فائق الاحترام | تحياتنا
        """,
        notices="سري | سرية | المستلم | عن طريق الخطأ",
        reply_above="فوق هذا السطر | أعلى هذا السطر",
    ),
    Language(
        tag="fa",
        author="از | فرستنده",
        to="به | گیرنده",
        cc="رونوشت",
        date="تاریخ | ارسال | ارسال شده",
        subject="موضوع",
        leads="در | در تاریخ",
        wrote="نوشت | نوشته است | نوشته",
        we_wrote="نوشتم | نوشتیم",
        fillers="در | ساعت | از",
        at="در | ساعت",
        original="پیام اصلی",
        forwarded="پیام بازارسال‌شده | پیام بازارسال شده | پیام هدایت شده | پیام فوروارد شده",
        forward_prefixes="ارجاع",
        reply_prefixes="پاسخ",
        footers="ارسال شده از | ارسال از | فرستاده شده از",
        devices="گوشی | تلفن",
        closings="با احترام | ارادتمند | با تشکر و احترام | با سپاس و احترام",
        notices="محرمانه",
        reply_above="بالای این خط",
    ),
    Language(
        tag="hi",
        author="प्रेषक | की ओर से",
        to="प्रति | प्राप्तकर्ता",
        cc="प्रतिलिपि",
        date="दिनांक | भेजा गया | तारीख",
        subject="विषय",
        wrote_joined="ने लिखा",
        fillers="को | बजे",
        at="को",
        original="मूल संदेश",
        forwarded="अग्रेषित संदेश | फॉरवर्ड किया गया संदेश | अग्रेषित संदेश प्रारंभ | आगे भेजा गया संदेश",
        footers="से भेजा गया",
        devices="फ़ोन | फोन",
        closings="सादर | भवदीय | धन्यवाद सहित | शुभकामनाओं सहित",
        reply_above="इस पंक्ति के ऊपर",
    ),
    Language(
        tag="th",
        author="จาก | ผู้ส่ง",
        to="ถึง | ผู้รับ",
        cc="สำเนาถึง | สำเนา",
        bcc="สำเนาลับ | สำเนาลับถึง",
        date="วันที่ | ส่ง | เวลา | ส่งเมื่อ",
        subject="เรื่อง | หัวเรื่อง | หัวข้อ",
        reply_to="ตอบกลับ | ตอบกลับถึง",
        leads="เมื่อ | ในวันที่",
        wrote_joined="เขียนว่า | เขียน",
        fillers="เวลา | น. | วันที่",
        at="เวลา",
        original="ข้อความต้นฉบับ | ข้อความเดิม",
        forwarded="ข้อความที่ส่งต่อ | เริ่มข้อความที่ส่งต่อ | จดหมายที่ส่งต่อ",
        footers="ส่งจาก | รับ Outlook สำหรับ | ดาวน์โหลด Outlook สำหรับ",
        devices="โทรศัพท์ | มือถือ",
        closings="ขอแสดงความนับถือ | ด้วยความเคารพ | ด้วยความนับถือ",
        reply_above="เหนือบรรทัดนี้",
    ),
    Language(
        tag="vi",
        author="Từ | Người gửi",
        to="Đến | Tới | Người nhận | Gửi đến",
        cc="Cc | Đồng gửi",
        date="Ngày | Đã gửi | Vào | Ngày gửi | Gửi lúc | Thời gian",
        subject="Chủ đề | Tiêu đề",
        reply_to="Trả lời",
        other="Tệp đính kèm",
        leads="Vào | Ngày | Lúc",
        wrote="đã viết | viết | viết vào | đã gửi",
        we_wrote="tôi đã viết | tôi viết | chúng tôi đã viết | em đã viết",
        fillers="viết | vào lúc | lúc | ngày | từ",
        at="lúc | vào lúc",
        numbered="ngày | tháng | thg",
        original="Thư gốc | Tin nhắn gốc | Thông điệp gốc",
        forwarded="""
            Thư được chuyển tiếp | Thư đã chuyển tiếp | Tin nhắn đã chuyển tiếp | Bắt đầu thư được chuyển tiếp
            Thư chuyển tiếp | Bắt đầu tin nhắn được chuyển tiếp | Tin nhắn được chuyển tiếp | Bắt đầu thư đã chuyển tiếp
        """,
        on_behalf="thay mặt",
        forward_prefixes="Chuyển tiếp | CT",
        reply_prefixes="Trả lời | TL",
        footers="được gửi từ | đã gửi từ | gửi từ | tải Outlook cho | tải về Outlook cho",
        devices="điện thoại",
        closings="trân trọng | thân mến | kính thư | trân trọng kính chào | thân ái | trân trọng cảm ơn | thân",
        notices="bảo mật | người nhận | nhầm",
        reply_above="phía trên dòng này | bên trên dòng này",
    ),
    Language(
        tag="id",
        author="Dari | Pengirim",
        to="Kepada | Untuk | Ke | Penerima",
        cc="Cc | Salinan | Tembusan",
        date="Tanggal | Dikirim | Terkirim | Waktu",
        subject="Subjek | Perihal | Hal | Judul",
        reply_to="Balas ke",
        other="Lampiran",
        leads="Pada | Tanggal",
        wrote="menulis | berkata | tulis | telah menulis",
        we_wrote="saya menulis | kami menulis | saya tulis | kami tulis",
        fillers="pada | pukul | tanggal | jam",
        at="pukul | jam",
        original="Pesan asli | Pesan orisinal | Pesan asal | Email asli",
        forwarded="""
            Pesan terusan | Pesan yang diteruskan | Mulai pesan yang diteruskan | Pesan diteruskan | Email yang diteruskan
        """,
        on_behalf="atas nama",
        forward_prefixes="TRS | Terusan | Diteruskan",
        reply_prefixes="Jawab | BLS | Balas",
        footers="""
            dikirim dari | dikirim menggunakan | dikirim dengan | dikirim melalui | terkirim dari | dapatkan Outlook untuk
            unduh Outlook untuk
        """,
        devices="telepon | ponsel | perangkat | surel",
        closings="""
            salam | hormat saya | terima kasih dan salam | salam hormat | hormat kami | salam hangat | wassalam
            salam sejahtera
        """,
        notices="rahasia | penerima",
        reply_above="di atas baris ini | di atas garis ini",
    ),
    Language(
        tag="ms",
        author="Daripada | Dari | Pengirim",
        to="Kepada | Penerima",
        cc="Salinan",
        date="Tarikh | Dihantar",
        subject="Subjek | Perkara",
        leads="Pada",
        wrote="menulis | telah menulis",
        we_wrote="saya menulis | kami menulis",
        fillers="pada | jam | pukul",
        at="jam | pukul",
        original="Mesej asal | Mesej asli",
        forwarded="Mesej dimajukan | Mesej yang dimajukan | Mula mesej yang dimajukan | Mesej dikirim semula",
        footers="dihantar dari | dihantar daripada | dihantar menggunakan | dapatkan Outlook",
        devices="telefon | peranti",
        closings="yang benar | salam hormat | sekian | yang ikhlas",
        reply_above="di atas garisan ini | di atas baris ini",
    ),
    Language(
        tag="fil",
        author="Mula kay | Mula sa",
        to="Para kay | Para sa",
        date="Petsa | Ipinadala",
        subject="Paksa",
        leads="Noong",
        wrote="sumulat | ay sumulat | sinulat | isinulat",
        fillers="nang | si | ay | ni",
        at="nang",
        original="Orihinal na mensahe",
        forwarded="Ipinasang mensahe | Naipasang mensahe",
        footers="ipinadala mula sa",
        closings="lubos na gumagalang | gumagalang",
    ),
    Language(
        tag="zh-Hans",
        author="发件人 | 发信人 | 发送人 | 寄件人",
        to="收件人 | 收信人",
        cc="抄送 | 抄送人 | 抄 送",
        bcc="密送 | 密件抄送",
        date="日期 | 发送时间 | 发送日期 | 时间 | 日期时间 | 发件日期",
        subject="主题 | 标题 | 主 题",
        reply_to="回复 | 回复地址 | 答复",
        other="附件 | 重要性 | 优先级",
        leads="在",
        wrote_joined="写道 | 写到",
        we_wrote="我写道 | 我写到 | 我们写道",
        fillers="于 | 在",
        original="原始邮件 | 原邮件 | 原文 | 邮件原件 | 回复的原邮件 | 回复的邮件 | 原始信息 | 原始消息",
        forwarded="""
            转发的邮件 | 转发邮件 | 已转发的邮件 | 被转发邮件 | 被转发的邮件 | 转发信息 | 以下是转发的邮件 | 开始转发的邮件
            开始转发邮件 | 下面是被转发的邮件 | 转发邮件信息 | 转发的消息 | 转发的信件 | 转发的电子邮件 | 转发的原邮件
            转发邮件结束
        """,
        on_behalf="代表",
        forward_prefixes="转发 | 转",
        reply_prefixes="回复 | 答复 | 回",
        footers="""
            发自我的 | 发自 | 来自我的 | 发送自 | 从我的 | 获取 Outlook for | 下载 Outlook for | 适用于 iOS 的 Outlook
            适用于 Android 的 Outlook | 发送自我的
        """,
        devices="手机 | 移动 | 邮箱 | 邮件 | 平板 | 电脑",
        closings="""
            此致 | 敬礼 | 祝好 | 顺祝商祺 | 此致敬礼 | 顺颂商祺 | 祝商祺 | 敬上 | 谨启 | 祝工作顺利 | 祝您工作愉快 | 谨此
        """,
        notices="机密 | 保密 | 收件人 | 误收 | 未经授权",
        reply_above="请在此行上方 | 在此行上方 | 在此行以上 | 在这一行上方",
    ),
    Language(
        tag="zh-Hant",
        author="寄件者 | 寄件人 | 發件人 | 發信人",
        to="收件者 | 收件人 | 收信人",
        cc="副本 | 抄送 | 副本抄送",
        bcc="密件副本",
        date="寄件日期 | 傳送時間 | 發送時間 | 發送日期 | 日期 | 時間 | 寄件時間 | 傳送日期",
        subject="主旨 | 主題 | 標題",
        reply_to="回覆 | 回覆至",
        other="附件 | 重要性",
        leads="在",
        wrote_joined="寫道 | 寫到",
        we_wrote="我寫道 | 我寫到 | 我們寫道",
        fillers="於 | 在",
        original="原始郵件 | 原郵件 | 原始信件 | 原始訊息",
        forwarded="""
            轉寄郵件 | 開始轉寄郵件 | 開始轉寄訊息 | 轉寄的訊息 | 開始轉寄的郵件 | 轉寄的郵件 | 轉寄訊息 | 已轉寄的郵件
            轉寄信件 | 轉發的郵件 | 轉發郵件 | 以下是轉寄的郵件 | 開始轉發郵件
        """,
        on_behalf="代表",
        forward_prefixes="轉寄 | 轉發 | 轉",
        reply_prefixes="回覆 | 回信 | 答覆",
        footers="""
            從我的 | 傳送自 | 寄自 | 從 iPhone | 來自我的 | 取得 iOS 版 Outlook | 取得 Android 版 Outlook | 下載 Outlook for
            取得 Outlook for | 發自我的
        """,
        devices="手機 | 電話 | 郵件 | 平板 | 裝置",
        closings="敬祝 | 順頌商祺 | 順祝商祺 | 敬上 | 謹啟 | 祝好 | 此致 | 敬禮 | 祝 商祺 | 敬啟 | 謹上",
        notices="機密 | 保密 | 收件人 | 誤收 | 未經授權",
        reply_above="請在此行上方 | 在此行上方 | 在此行以上",
    ),
    Language(
        tag="ja",
        author="差出人 | 送信者 | 送信元 | From | 発信者",
        to="宛先 | 送信先 | 受信者 | あて先",
        cc="Cc | 写し",
        bcc="Bcc",
        date="日時 | 送信日時 | 日付 | 送信済み | 送信日 | 受信日時 | 日付け",
        subject="件名 | 題名 | 表題",
        reply_to="返信先",
        other="添付ファイル | 重要度 | 優先度",
        wrote_joined="のメール | 書きました | さんは書きました | 書き込みました | のメッセージ",
        original="元のメッセージ | 元のメール | Original Mail | 元メッセージ | 元メール | オリジナルメッセージ",
        forwarded="""
            転送されたメッセージ | 転送メッセージ | 転送メール | 転送されたメール | 転送されたメッセージの開始
            転送されたメッセージ開始 | 転送者 | 以下転送メール | 転送 | 転送された電子メール
        """,
        on_behalf="代理",
        forward_prefixes="転送",
        reply_prefixes="返信",
        footers="""
            iPhoneから送信 | iPadから送信 | から送信 | Androidから | Outlook for iOS を入手 | Outlook for Android を入手
            iOS 版 Outlook を取得 | Android 版 Outlook を取得
        """,
        devices="携帯 | スマートフォン | スマホ | メール | 端末",
        closings="""
            敬具 | よろしくお願いいたします | 以上、よろしくお願いいたします | よろしくお願い致します
            宜しくお願いいたします | 宜しくお願い致します | どうぞよろしくお願いいたします | 何卒よろしくお願いいたします
            何卒よろしくお願い申し上げます | よろしくお願いします | 宜しくお願いします | 草々 | かしこ | 以上
            よろしくお願い申し上げます | 以上、宜しくお願いいたします
        """,
        notices="機密 | 宛先 | 誤って受信 | 破棄 | 秘密情報",
        reply_above="この行より上 | この線より上 | この行の上",
    ),
    Language(
        tag="ko",
        author="""
            보낸 사람 | 보낸사람 | 보내는 사람 | 보낸이 | 보낸 이 | 보내는이 | 발신 | 발신자 | 발신인 | 보내는사람
        """,
        to="받는 사람 | 받는사람 | 받는이 | 받는 이 | 수신 | 수신자 | 수신인",
        cc="참조 | 참조자",
        bcc="숨은 참조 | 숨은참조",
        date="보낸 날짜 | 날짜 | 보낸날짜 | 보낸 시간 | 일시 | 보낸시간 | 발신일 | 발송일 | 보낸 일시",
        subject="제목",
        reply_to="회신 | 회신 주소",
        other="첨부 | 중요도 | 첨부파일 | 첨부 파일",
        wrote_joined="님이 작성 | 작성 | 님이 쓴 글 | 님께서 작성 | 썼습니다",
        original="원본 메시지 | 원본 메일 | 원본메일 | 원본 이메일 | 원본메시지",
        forwarded="""
            전달된 메시지 | 전달된 메일 | 전달한 메시지 | 전달된 편지 | 전달된 이메일 | 전달 메시지 | 전달한 메일
            전달된 메시지 시작
        """,
        on_behalf="대신",
        forward_prefixes="전달",
        reply_prefixes="답장 | 회신 | 답변",
        footers="""
            나의 | 내 iPhone | iPhone에서 | iPad에서 | 갤럭시 | 에서 보냄 | 에서 보낸 메일 | 에서 전송 | iOS용 Outlook
            Android용 Outlook
        """,
        devices="휴대 | 폰에서 | 메일",
        closings="감사합니다 | 드림 | 올림 | 배상 | 안녕히 계세요",
        notices="기밀 | 수신인 | 잘못 수신 | 비밀",
        reply_above="이 줄 위에 | 이 선 위에",
    ),
)
