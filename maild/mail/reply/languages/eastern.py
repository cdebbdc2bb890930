"""The languages between the Baltic, the Adriatic and the Black Sea that are written in Latin letters, and Turkish. Data only."""

from __future__ import annotations

from maild.mail.reply.languages.language import Language

EASTERN = (
    Language(
        tag="pl",
        author="Od | Nadawca | Wysłane przez",
        to="Do | Adresat | Odbiorca",
        cc="DW | Kopia | Do wiadomości",
        bcc="UDW | Ukryta kopia",
        date="Data | Wysłano | Wysłane | Wysłany | Data wysłania | Otrzymano | Dnia",
        subject="Temat | Dotyczy",
        reply_to="Odpowiedź do | Odpowiedz do",
        other="Załączniki | Załącznik | Priorytet | Ważność",
        leads="Dnia | W dniu | Dn.",
        wrote="napisała | napisał | pisze | napisano | użytkownik napisał | pisał",
        we_wrote="""
            napisałem | napisałam | napisaliśmy | napisałyśmy | wysłałem | wysłałam | wysłaliśmy | pisałem | pisałam
        """,
        fillers="użytkownik | od | o | godz | godz. | o godz | o godz. | r. | r | dnia",
        at="o | godz | o godz | godzina",
        original="""
            Oryginalna wiadomość | Wiadomość oryginalna | Wiadomość pierwotna | Pierwotna wiadomość | Wiadomość źródłowa
            Wiadomość wysłana | Oryginalny list | Oryginalny termin
        """,
        forwarded="""
            Wiadomość przesłana dalej | Przekazana wiadomość | Przekazywana wiadomość | Treść przekazanej wiadomości
            Początek przekazywanej wiadomości | Początek przekazanej wiadomości | Wiadomość przekazana dalej
            Wiadomość przekazana | Koniec przekazanej wiadomości | Przesłana wiadomość | Przekazane przez | Przesłane przez
            Początek przesłanej wiadomości | Treść przesłanej wiadomości | Początek wiadomości przekazanej dalej
        """,
        on_behalf="w imieniu",
        forward_prefixes="PD | Prz | Przekazano | Przek | Przesłano",
        reply_prefixes="Odp | Odpowiedź",
        alarms="uwaga | ostrzeżenie",
        this_mail="ta wiadomość | ten e-mail",
        from_outside="pochodzi spoza | wysłana spoza | pochodzi z zewnątrz | od zewnętrznego nadawcy",
        rarely="nieczęsto otrzymujesz wiadomości",
        why_important="dlaczego jest to ważne",
        advice="nie klikaj | nie otwieraj",
        advice_about="link | łącz | załącznik | nadawc",
        footers="""
            wysłane z | wysłano z | wysłane za | wysłana z | wysłany z | wysłano za pomocą | wysłane przez | pobierz Outlook
            pobierz program Outlook | pobierz aplikację Outlook | ściągnij Outlook
        """,
        devices="poczt | komórk | telefon | aplikacj | urządzeni",
        closings="""
            pozdrawiam | z poważaniem | z powazaniem | pozdrowienia | serdecznie pozdrawiam | łączę pozdrowienia
            serdeczności | z wyrazami szacunku | pozdrawiam serdecznie | z pozdrowieniami | pozdrawiamy | pozdr
            z uszanowaniem | miłego dnia | z serdecznymi pozdrowieniami | pozdrawiam cieplutko | łączę wyrazy szacunku
            uprzejmie pozdrawiam
        """,
        notices="""
            poufn | adresatem | omyłkowo | przez pomyłkę | KRS | sąd rejonowy | kapitał zakładowy | administratorem danych
        """,
        reply_above="nad tej linii | powyżej tej linii | nad tą linią | ponad tą linią | powyżej tego wiersza",
    ),
    Language(
        tag="cs",
        author="Od | Odesílatel | Odeslal",
        to="Komu | Příjemce | Pro",
        cc="Kopie | Kopie komu",
        bcc="Skrytá kopie | Skrytá",
        date="Datum | Odesláno | Datum odeslání | Přijato",
        subject="Předmět | Věc",
        reply_to="Odpověď komu | Odpovědět",
        other="Přílohy | Příloha | Důležitost | Priorita",
        leads="Dne | Dňa",
        wrote="napsala | napsal | píše | uvedl | uvedla | odpověděl | psal | psala",
        we_wrote="""
            napsal jsem | napsala jsem | jsem napsal | jsem napsala | jsme napsali | napsali jsme | psal jsem | psala jsem
        """,
        fillers="uživatel | od | v | dne | hod | hod.",
        at="v | ve",
        original="Původní zpráva | Původní e-mail | Původní email | Původní mail | Původní schůzka | Originální zpráva",
        forwarded="""
            Přeposlaná zpráva | Přeposílaná zpráva | Začátek přeposílané zprávy | Začátek přeposlané zprávy
            Přeposlaný e-mail | Konec přeposlané zprávy | Předaná zpráva | Předávaná zpráva | Přeposlal | Postoupil
            Přeposlaný email
        """,
        on_behalf="jménem | za uživatele",
        forward_prefixes="Přep | Přeposláno | Před | PŘ",
        reply_prefixes="Odp | Odpověď",
        alarms="pozor | upozornění | varování",
        this_mail="tento e-mail | tato zpráva",
        from_outside="odeslán mimo | odeslána mimo | pochází mimo | přišel zvenčí | od externího odesílatele",
        rarely="často nedostáváte e-maily od",
        why_important="proč je to důležité",
        advice="neklikejte | neotevírejte",
        advice_about="odkaz | příloh | odesílatel",
        footers="""
            odesláno z | odesláno ze | odesláno pomocí | odesláno přes | získejte Outlook | stáhněte si Outlook
            stáhnout Outlook
        """,
        devices="pošt | telefon | mobil | aplikace | zařízení",
        closings="""
            s pozdravem | s přátelským pozdravem | hezký den | pozdrav | zdravím | s úctou | přeji hezký den
            přeji pěkný den | s pozdravem a přáním hezkého dne | s přáním hezkého dne | s přáním pěkného dne | pěkný den
            srdečně zdravím | sp
        """,
        notices="důvěrn | určena výhradně | omylem | zveřejn",
        reply_above="nad tímto řádkem | nad tento řádek | nad touto čárou | nad tuto čáru",
    ),
    Language(
        tag="sk",
        author="Od | Odosielateľ",
        to="Komu | Pre | Príjemca | Adresát",
        cc="Kópia",
        bcc="Skrytá kópia",
        date="Dátum | Odoslané | Prijaté",
        subject="Predmet | Vec",
        reply_to="Odpoveď komu | Odpovedať",
        other="Prílohy | Príloha | Dôležitosť | Priorita",
        leads="Dňa",
        wrote="napísala | napísal | píše | uviedol | uviedla | odpísal | odpísala",
        we_wrote="napísal som | napísala som | som napísal | som napísala | napísali sme | sme napísali",
        fillers="používateľ | od | o | dňa | hod",
        at="o",
        original="Pôvodná správa | Pôvodný e-mail | Pôvodný email | Originálna správa",
        forwarded="""
            Preposlaná správa | Začiatok preposlanej správy | Preposielaná správa | Začiatok preposielanej správy
            Preposlal | Koniec preposlanej správy | Presmerovaná správa | Preposlaný e-mail
        """,
        on_behalf="v mene",
        forward_prefixes="Prep | Preposlané",
        reply_prefixes="Odp | Odpoveď",
        footers="""
            odoslané z | odoslané zo | odoslané pomocou | odoslané cez | získať Outlook | získajte Outlook
            stiahnite si Outlook
        """,
        devices="pošt | telefón | mobil | zariaden",
        closings="""
            s pozdravom | s úctou | s priateľským pozdravom | pekný deň | prajem pekný deň
            s pozdravom a prianím pekného dňa | srdečne pozdravujem | zdravím | želám pekný deň
        """,
        notices="dôvern | omylom | adresát",
        reply_above="nad týmto riadkom | nad tento riadok | nad touto čiarou",
    ),
    Language(
        tag="sl",
        author="Od | Pošiljatelj",
        to="Za | Prejemnik | Komu",
        cc="Kp | Kopija",
        bcc="Skp | Skrita kopija",
        date="Datum | Poslano",
        subject="Zadeva",
        reply_to="Odgovor | Odgovori na",
        other="Priloge | Pomembnost",
        leads="Dne | Dana",
        wrote="je napisala | je napisal | piše | je pisal | je pisala",
        we_wrote="sem napisal | sem napisala | smo napisali | napisal sem",
        fillers="je | ob | oseba | uporabnik | od",
        at="ob",
        original="Izvirno sporočilo | Originalno sporočilo | Prvotno sporočilo",
        forwarded="""
            Posredovano sporočilo | Začetek posredovanega sporočila | Konec posredovanega sporočila | Posredoval
        """,
        on_behalf="v imenu",
        forward_prefixes="Posr | Posredovano | PD",
        reply_prefixes="Odg | Odgovor",
        footers="poslano z | poslano iz | poslano s | poslano prek | prenesite Outlook | pridobite Outlook",
        devices="telefon | pošt | naprave",
        closings="lep pozdrav | lp | s spoštovanjem | lep dan | prijazen pozdrav | prisrčen pozdrav | lepe pozdrave",
        notices="zaupn | pomotoma | naslovnik",
        reply_above="nad to vrstico | nad to črto",
    ),
    Language(
        tag="hr",
        author="Šalje | Od | Pošiljatelj",
        to="Prima | Za | Primatelj",
        cc="Kopija | Kopija (CC) | Cc",
        bcc="Skrivena kopija | Bcc",
        date="Datum | Poslano",
        subject="Predmet | Naslov",
        reply_to="Odgovori | Odgovor na",
        other="Prilozi | Privitci | Važnost | Prioritet",
        leads="Dana | Dne",
        wrote="je napisao | je napisala | napisao je | napisala je | piše | napisao/la je | napisao | napisala",
        we_wrote="napisao sam | napisala sam | sam napisao | sam napisala | napisali smo | smo napisali",
        fillers="korisnik | korisnica | u | od | je | sati | dana",
        at="u",
        original="Izvorna poruka | Originalna poruka | Originalni mail",
        forwarded="""
            Proslijeđena poruka | Započni proslijeđenu poruku | Početak proslijeđene poruke | Proslijedio | Proslijeđeno od
            Proslijeđeni e-mail | Kraj proslijeđene poruke
        """,
        on_behalf="u ime",
        forward_prefixes="Prosl | Proslijeđeno | PR",
        reply_prefixes="Odg | Odgovor",
        footers="""
            poslano s | poslano sa | poslano iz | poslano putem | poslano pomoću | preuzmi Outlook | nabavite Outlook
            preuzmite Outlook
        """,
        devices="mobitel | telefon | pošt | uređaj",
        closings="""
            srdačan pozdrav | lijep pozdrav | s poštovanjem | pozdrav | lp | sp | srdačno | lijepi pozdrav | ugodan dan
            pozdravi | srdačni pozdravi | s osobitim štovanjem | veliki pozdrav
        """,
        notices="povjerljiv | greškom | primatelj",
        reply_above="iznad ove linije | iznad ovog retka | iznad ove crte",
    ),
    Language(
        tag="sr-Latn",
        author="Šalje | Od | Pošiljalac",
        to="Kome | Za | Primalac",
        cc="Kopija",
        date="Datum | Poslato",
        subject="Naslov | Tema | Predmet",
        leads="Dana",
        wrote="je napisao | je napisala | napisao je | napisala je | piše",
        we_wrote="napisao sam | napisala sam | sam napisao | sam napisala",
        fillers="korisnik | u | od",
        at="u",
        original="Originalna poruka | Izvorna poruka | Prvobitna poruka",
        forwarded="Prosleđena poruka | Početak prosleđene poruke | Prosledio",
        on_behalf="u ime",
        forward_prefixes="Prosl | Prosleđeno",
        reply_prefixes="Odg | Odgovor",
        footers="poslato sa | poslato iz | poslato s | poslato pomoću | preuzmite Outlook",
        devices="telefon | mobilnog",
        closings="srdačan pozdrav | pozdrav | s poštovanjem | sa poštovanjem | lep pozdrav | puno pozdrava",
        notices="poverljiv | greškom",
        reply_above="iznad ove linije | iznad ovog reda",
    ),
    Language(
        tag="hu",
        author="Feladó | Küldő | Küldte",
        to="Címzett | Címzettek",
        cc="Másolat | Másolatot kap",
        bcc="Titkos másolat | Rejtett másolat",
        date="Dátum | Küldve | Elküldve | Küldés ideje | Érkezett",
        subject="Tárgy",
        reply_to="Válaszcím | Válasz",
        other="Mellékletek | Melléklet | Fontosság | Prioritás",
        wrote="írta | ezt írta | az alábbiakat írta | a következőt írta | írja | a következőket írta",
        we_wrote="írtam | írtuk | küldtem | azt írtam",
        fillers="időpontban | dátummal | időpont",
        original="Eredeti üzenet | Eredeti levél | Eredeti e-mail",
        forwarded="""
            Továbbított üzenet | Továbbított levél | Továbbított levél kezdete | Továbbított üzenet kezdete
            Továbbított e-mail | Továbbította | Továbbított üzenet vége | Továbbított levél vége | Továbbítás
        """,
        on_behalf="nevében | megbízásából",
        forward_prefixes="Továbbítás | Tovabbitas | Továbbítva | TVF | Tov | TO",
        reply_prefixes="Vá | Válasz",
        footers="""
            elküldve | küldve | az iPhone | az iPad | az Outlook | Outlook beszerzése | Outlook letöltése
            szerezze be az Outlook | küldött | elküldve az
        """,
        devices="telefonom | készülék | mobil | posta | levelező",
        closings="""
            üdvözlettel | tisztelettel | üdv | köszönettel és üdvözlettel | baráti üdvözlettel | szívélyes üdvözlettel
            szép napot | üdvözlettel és köszönettel | sok üdvözlettel | további szép napot | üdvözöl
        """,
        notices="bizalmas | címzett | tévedésből | jogosulatlan",
        reply_above="e sor fölé | ezen sor fölé | e vonal fölé | a vonal fölé",
    ),
    Language(
        tag="sq",
        author="Nga | Dërguesi",
        to="Për | Drejtuar",
        date="Data | Dërguar",
        subject="Subjekti | Tema | Lënda",
        leads="Më",
        wrote="shkroi | ka shkruar",
        we_wrote="shkrova | kam shkruar",
        original="Mesazhi origjinal",
        forwarded="Mesazh i përcjellë | Mesazhi i përcjellë | Filloni mesazhin e përcjellë",
        footers="dërguar nga | dërguar prej",
        closings="me respekt | të fala | me nderime | gjithë të mirat",
    ),
    Language(
        tag="tr",
        author="Kimden | Gönderen",
        to="Kime | Alıcı | Kime/Kimlere | Alıcılar",
        cc="Bilgi | Cc | Kopya",
        bcc="Gizli | Gizli kopya",
        date="Tarih | Gönderildi | Gönderilen | Gönderme tarihi | Gönderim tarihi | Gönderilme tarihi | Tarihi",
        subject="Konu",
        reply_to="Yanıt | Yanıtla | Yanıt adresi",
        other="Önem | Ekler | Ek | Öncelik",
        wrote="yazdı | şunu yazdı | şunları yazdı | şöyle yazdı | yazmış | yazıyor",
        we_wrote="yazdım | yazdık | yazmıştım | gönderdim | gönderdik",
        fillers="tarihinde | tarihli | saat | günü",
        at="saat",
        original="""
            Özgün ileti | Orijinal mesaj | Asıl mesaj | Orijinal ileti | Özgün mesaj | Orijinal e-posta | İlk mesaj
        """,
        forwarded="""
            İletilmiş mesaj | İletilen mesaj | İletilen ileti | Yönlendirilmiş ileti | Yönlendirilen ileti
            Yönlendirilmiş mesaj | Yönlendirilen mesaj | İletilen e-posta | İletilmiş ileti | İletilen ileti başlangıcı
            İleten | Yönlendirilen e-posta | İletilen iletinin başlangıcı | İletilmiş iletinin başlangıcı
        """,
        on_behalf="adına",
        forward_prefixes="İLT | İlet | Yönl | Yönlendirilen",
        reply_prefixes="YNT | Yan | Yanıt | Cvp",
        footers="""
            iPhone'umdan | iPhone’umdan | iPhone-umdan | iPad'imden | gönderildi | gönderilmiştir | Outlook'u edinin
            Outlook’u edinin | Outlook'u indirin | ile gönderildi
        """,
        devices="cihaz | posta | telefon",
        closings="""
            saygılarımla | saygılar | iyi çalışmalar | sevgiler | iyi günler | saygılarımızla | en iyi dileklerimle
            sevgilerimle | bilgilerinize sunarım | hürmetlerimle | saygı ve selamlarımla
        """,
        notices="gizlilik | gizlidir | alıcısı | yanlışlıkla | yetkisiz | kvkk",
        reply_above="bu satırın üst | bu çizginin üst",
    ),
)
