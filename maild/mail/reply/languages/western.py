"""English, German and their neighbours, Welsh and Basque. Data only."""

from __future__ import annotations

from maild.mail.reply.languages.language import Language

WESTERN = (
    Language(
        tag="en",
        author="From | Sender | Sent by",
        to="To | Recipient | Recipients | Sent to",
        cc="Cc | Copy | Copies to",
        bcc="Bcc | Blind copy",
        date="Date | Sent | Sent at | Sent on | Received | Date sent | Sent date | Date/Time",
        subject="Subject",
        reply_to="Reply-To | Reply to",
        other="""
            Importance | Priority | Attachments | Attachment | Organization | Organisation | Message-ID | Sensitivity | Via
            List-ID | Categories | Flag | Flag Status | Resent-From | Resent-To | In-Reply-To | Mailed-by | Signed-by
            Security | User-Agent | X-Mailer
        """,
        leads="On | At",
        wrote="wrote | writes | sent | said | has written | replied | has sent",
        we_wrote="""
            I wrote | I sent | I said | we wrote | we sent | we said | I've written | I've sent | we've sent
            I have written
        """,
        fillers="from | by | at | on | wrote | sent | the | user",
        of="of",
        at="at",
        original="""
            Original Message | Original-Message | Original Mail | Original E-Mail | Original Email | Original Appointment
            Original | Reply Message | Replied Message | Previous Message | Quoted Message
        """,
        forwarded="""
            Forwarded Message | Forwarded Mail | Forwarded Email | Forwarded e-mail | Forwarded by | Forwarded letter
            Forwarded | Begin forwarded message | Start of forwarded message | Beginning of forwarded message
            Original message forwarded | End forwarded message | End of forwarded message | Below is the forwarded message
            Inline forwarded message | Message forwarded
        """,
        on_behalf="on behalf of",
        forward_prefixes="Fw | Fwd | Forward | Forwarded | Trans",
        reply_prefixes="Re | Reply | Ans",
        alarms="caution | warning | attention | beware | external email | external e-mail | external",
        this_mail="this email | this e-mail | this message | this mail",
        from_outside="""
            originated from outside | originated outside | originates from outside | originates outside | came from outside
            comes from outside | coming from outside | sent from outside | is from outside | received from outside
            sent by someone outside | from a sender outside | from an external sender | from an external source
            from an untrusted sender | is external
        """,
        rarely="don't often get email from | do not often get email from",
        why_important="why this is important",
        advice="""
            do not click | don't click | do not open | don't open | please do not click | please do not open
            be careful | please be careful | be cautious | use caution | exercise caution | please use caution
            please exercise caution | you have not previously corresponded | report suspicious
        """,
        advice_about="link | attachment | sender | content | phish",
        footers="""
            sent from | sent via | sent using | sent with | sent by | sent on the go | sender notified by | sent securely | composed on
            get Outlook for | get BlueMail for | get TypeApp for | download Outlook for | Yahoo Mail: search
        """,
        excuses="excuse | typos | brevity | forgive | pardon | sorry for",
        devices="""
            smart phone | smartphone | phone | mobile | cell | device | tablet | mail | email | e-mail | app | handheld
            wireless | watch | laptop | computer
        """,
        closings="""
            best | best regards | kind regards | regards | warm regards | warmest regards | kindest regards | many regards
            my best | with kind regards | with best regards | with warm regards | with regards | best wishes
            with best wishes | all the best | sincerely | yours sincerely | sincerely yours | yours faithfully | yours truly
            yours | very truly yours | truly yours | respectfully | respectfully yours | cordially | cordially yours
            warmly | cheers | greetings | kind greetings | take care | br | kr | rgds | brgds | b.r | k.r | bw | wr
            have a nice day | have a great day | with appreciation
        """,
        notices="""
            confidential | privileged | intended solely | intended only | intended recipient | disclaimer | unauthorized
            unauthorised | virus-free | virus | think before you print | before printing | scanned by | scanned for
            legally binding | any views | disseminat | strictly prohibited | received this email in error
            received this message in error | registered office | registered in england | company number | opinions expressed
            consider the environment
        """,
        reply_above="""
            reply…above this line | reply…over this line | replies…above this line | replying…above this line
            reply…above the line | reply…over the line | replies…above the line | replying…above the line
            response…above this line | respond…above this line | response…over this line | respond…over this line
            response…above the line | respond…above the line | responding…above this line | answer…above this line
            answer…over this line | answer…above the line | answer…over the line | type…above this line
            type…over this line | type…above the line | type…over the line | write…above this line | write…above the line
            write…over this line | write…over the line | comment…above this line | comment…over this line
            comment…above the line | comment…over the line
        """,
    ),
    Language(
        tag="de",
        author="Von | Absender | Gesendet von",
        to="An | Empfänger",
        cc="Kopie | Kopie (CC) | Cc | Kopie an",
        bcc="Blindkopie | Bcc | Blindkopie (BCC)",
        date="Datum | Gesendet | Gesendet am | Gesendet um | Empfangen | Datum/Uhrzeit",
        subject="Betreff | Thema | Betr",
        reply_to="Antwort an | Antworten an | Antwortadresse",
        other="""
            Priorität | Wichtigkeit | Anlagen | Anlage | Anhang | Anhänge | Vertraulichkeit | Organisation | Kategorien
        """,
        leads="Am | Um",
        wrote="schrieb | geschrieben | schreibt | schrieb folgendes | hat geschrieben",
        we_wrote="""
            schrieb ich | schrieben wir | ich schrieb | wir schrieben | habe ich geschrieben | haben wir geschrieben
            ich habe geschrieben | wir haben geschrieben
        """,
        fillers="folgendes | von | um | Uhr | am | schrieb | hat | der | Benutzer",
        at="um | gegen",
        original="""
            Ursprüngliche Nachricht | Originalnachricht | Original-Nachricht | Original Nachricht | Antwort Nachricht
            Ursprüngliche E-Mail | Ursprüngliche Mail | Originalmail | Original-Mail | Ursprünglicher Termin
            Vorherige Nachricht
        """,
        forwarded="""
            Weitergeleitete Nachricht | Weitergeleitete Mail | Weitergeleitete E-Mail | Weitergeleitet von
            Weitergeleitet durch | Anfang der weitergeleiteten Nachricht | Beginn der weitergeleiteten Nachricht
            Beginn der weitergeleiteten E-Mail | Ende der weitergeleiteten Nachricht | Anfang der weitergeleiteten E-Mail
            Weitergeleitete Originalnachricht
        """,
        on_behalf="im Auftrag von",
        forward_prefixes="WG | Weitergeleitet | Weitergel | Wtr | Wtrlt",
        reply_prefixes="AW | Antw | Antwort",
        alarms="achtung | vorsicht | warnung | hinweis | externe e-mail | externe mail | extern",
        this_mail="diese e-mail | diese mail | diese nachricht",
        from_outside="""
            von außerhalb | kommt von extern | stammt von extern | von einem externen absender | von einem absender außerhalb
            extern gesendet | externen ursprungs
        """,
        rarely="nicht oft eine e-mail von | nicht häufig e-mails von",
        why_important="warum dies wichtig ist",
        advice="""
            klicken sie nicht | klicken sie keine | öffnen sie keine | öffnen sie nicht | öffnen sie links
            bitte klicken sie | bitte öffnen sie | seien sie vorsichtig
        """,
        advice_about="link | anhäng | anhang | absender | inhalt",
        footers="""
            gesendet von | gesendet mit | gesendet über | gesendet aus | gesendet via | von meinem | von meiner
            von Yahoo Mail | von unterwegs gesendet | unterwegs gesendet | diese Nachricht wurde von mein
            mit freundlichen Grüßen von meinem | holen Sie sich Outlook | Outlook für | versendet mit | versandt mit
            verschickt mit
        """,
        excuses="entschuldig | tippfehler | kürze",
        devices="Handy | Telefon | Mobil | Gerät | Anwendung | Rechner",
        closings="""
            mit freundlichen Grüßen | mit freundlichen Grüssen | mit freundlichem Gruß | mit freundlichem Gruss
            freundliche Grüße | freundliche Grüsse | freundlicher Gruß | freundlichen Gruß | freundlichst | viele Grüße
            viele Grüsse | liebe Grüße | liebe Grüsse | lieber Gruß | lieben Gruß | beste Grüße | beste Grüsse | besten Gruß
            schöne Grüße | schönen Gruß | herzliche Grüße | herzliche Grüsse | herzlichst | mit besten Grüßen
            mit besten Grüssen | mit lieben Grüßen | mit herzlichen Grüßen | mit vielen Grüßen | Gruß | Gruss | Grüße
            Grüsse | viele liebe Grüße | mfg | lg | vg | bg | hg | hochachtungsvoll | es grüßt | mit kollegialen Grüßen
            mit sonnigen Grüßen | freundliche Grüße aus | beste Grüße aus
        """,
        notices="""
            vertraulich | rechtlich geschützt | nicht der richtige Adressat | irrtümlich erhalten | unbefugt
            Registergericht | Handelsregister | Amtsgericht | Geschäftsführer | nicht gestattet | Sitz der Gesellschaft
            USt-IdNr | Umsatzsteuer-ID | Aufsichtsrat | ausschließlich für den
        """,
        reply_above="""
            über dieser Zeile | über dieser Linie | oberhalb dieser Zeile | oberhalb dieser Linie
            oberhalb der Linie antworten
        """,
    ),
    Language(
        tag="nl",
        author="Van | Afzender | Verzonden door",
        to="Aan | Naar | Ontvanger | Geadresseerde",
        cc="Cc | Kopie",
        bcc="Bcc | Blinde kopie",
        date="Datum | Verzonden | Verstuurd | Verzonden op | Verzenddatum | Ontvangen",
        subject="Onderwerp | Betreft",
        reply_to="Antwoord aan | Beantwoorden | Antwoorden aan | Antwoordadres",
        other="Bijlagen | Bijlage | Urgentie | Prioriteit | Belang | Gevoeligheid",
        leads="Op",
        wrote="""
            schreef | geschreven | schrijft | heeft geschreven | schreef het volgende | heeft het volgende geschreven
        """,
        we_wrote="""
            schreef ik | ik schreef | schreven wij | schreven we | wij schreven | heb ik geschreven | ik heb geschreven
        """,
        fillers="heeft | het volgende | van | om | op | schreef | door | uur",
        at="om",
        original="""
            Oorspronkelijk bericht | Origineel bericht | Originele bericht | Oorspronkelijke e-mail
            Oorspronkelijke afspraak
        """,
        forwarded="""
            Doorgestuurd bericht | Begin doorgestuurd bericht | Doorgezonden bericht | Doorgestuurde e-mail
            Doorgestuurde mail | Begin van doorgestuurd bericht | Begin van het doorgestuurde bericht | Doorgestuurd door
            Doorgezonden door | Einde doorgestuurd bericht | Einde van doorgestuurd bericht
        """,
        on_behalf="namens",
        forward_prefixes="Doorst | Dst | Doorgestuurd | Doorg",
        reply_prefixes="Antw | Antwoord | Beantw",
        alarms="let op | waarschuwing | pas op | opgelet | extern",
        this_mail="deze e-mail | deze mail | dit bericht",
        from_outside="komt van buiten | afkomstig van buiten | is van buiten | verzonden van buiten | van een externe afzender",
        rarely="niet vaak e-mail van",
        why_important="waarom dit belangrijk is",
        advice="klik niet | klik nooit | open geen | wees voorzichtig",
        advice_about="link | bijlage | afzender | koppeling",
        footers="""
            verzonden vanaf | verzonden met | verzonden via | verzonden vanuit | verzonden door | verstuurd vanaf
            verstuurd met | verstuurd vanuit | verstuurd via | Outlook voor | haal Outlook voor | download Outlook voor
            vanaf mijn
        """,
        excuses="excuus | excuses | tikfout | typefout | beknopt",
        devices="mobiele | telefoon | toestel | apparaat",
        closings="""
            met vriendelijke groet | met vriendelijke groeten | vriendelijke groet | vriendelijke groeten | groet | groeten
            groetjes | hartelijke groet | hartelijke groeten | met hartelijke groet | met hartelijke groeten | mvg | mvrgr
            vr gr | gr | hgr | hoogachtend | met de meeste hoogachting | beste groeten | veel groeten | lieve groet
            lieve groetjes | met groet | fijne dag | vriendelijk groetend
        """,
        notices="""
            vertrouwelijk | uitsluitend bestemd | geadresseerde | ten onrechte | afdrukt | niet voor u bestemd
            openbaarmaking | kvk
        """,
        reply_above="boven deze regel | boven deze lijn",
    ),
    Language(
        tag="af",
        author="Van | Afsender",
        to="Aan",
        date="Datum | Gestuur",
        subject="Onderwerp",
        wrote="geskryf | het geskryf",
        leads="Op",
        fillers="het | van | om",
        original="Oorspronklike boodskap",
        forwarded="Aangestuurde boodskap | Begin aangestuurde boodskap",
        footers="gestuur vanaf",
        closings="vriendelike groete | groete | met vriendelike groete",
    ),
    Language(
        tag="cy",
        author="Oddi wrth | Anfonwyd gan",
        to="At",
        date="Dyddiad | Anfonwyd",
        subject="Pwnc | Testun",
        leads="Ar",
        wrote="ysgrifennodd",
        fillers="am",
        original="Neges wreiddiol",
        forwarded="Neges wedi'i hanfon ymlaen | Dechrau neges wedi'i hanfon ymlaen",
        forward_prefixes="YML",
        reply_prefixes="ATB",
        footers="anfonwyd o",
        closings="cofion | cofion gorau | yn gywir | cofion cynnes | hwyl",
    ),
    Language(
        tag="eu",
        author="Nork | Igorlea | Bidaltzailea",
        to="Nori | Hartzailea",
        cc="Kopia",
        date="Data | Bidaltze-data | Bidalia | Noiz",
        subject="Gaia",
        wrote="idatzi du | hau idatzi du | idatzi zuen",
        we_wrote="idatzi dut | idatzi dugu",
        fillers="erabiltzaileak",
        original="Jatorrizko mezua",
        forwarded="Birbidalitako mezua | Birbidalitako mezuaren hasiera | Mezu birbidalia",
        footers="bidalia | bidali da",
        closings="agur bero bat | agur | ondo izan | agur t'erdi | besarkada bat | adeitasunez | begirunez",
    ),
)
