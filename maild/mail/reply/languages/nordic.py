"""The languages around the Baltic Sea, and Icelandic. Data only."""

from __future__ import annotations

from maild.mail.reply.languages.language import Language

NORDIC = (
    Language(
        tag="da",
        author="Fra | Afsender | Sendt af",
        to="Til | Modtager",
        cc="Cc | Kopi | Kopi til",
        bcc="Bcc | Skjult kopi",
        date="Dato | Sendt | Sendt den | Modtaget",
        subject="Emne",
        reply_to="Svar til",
        other="Vigtighed | Vedhæftede filer | Vedhæftet fil | Prioritet | Følsomhed",
        leads="Den | D.",
        wrote="skrev | skrev følgende | skriver | har skrevet",
        we_wrote="skrev jeg | skrev vi | jeg skrev | vi skrev | har jeg skrevet",
        fillers="fra | af | den | kl | kl. | skrev | følgende",
        at="kl | klokken",
        original="""
            Oprindelig meddelelse | Oprindelig besked | Original meddelelse | Oprindelig e-mail | Oprindelig mail
            Oprindelig aftale
        """,
        forwarded="""
            Videresendt meddelelse | Videresendt besked | Start på videresendt besked | Påbegynder videresendt besked
            Videreformidlet besked | Start på videresendt meddelelse | Videresendt mail | Videresendt e-mail
            Videresendt af | Begyndelse på videresendt besked | Slut på videresendt besked
        """,
        on_behalf="på vegne af",
        forward_prefixes="VS | Videresend | Videresendt",
        reply_prefixes="SV | Svar",
        alarms="advarsel | forsigtig | obs",
        this_mail="denne e-mail | denne mail | denne besked",
        from_outside="kommer udefra | sendt udefra | fra en afsender uden for | fra en ekstern afsender",
        rarely="ikke ofte mails fra",
        why_important="hvorfor dette er vigtigt",
        advice="klik ikke | åbn ikke | vær forsigtig",
        advice_about="link | vedhæft | afsender",
        footers="sendt fra | sendt med | sendt via | hent Outlook | få Outlook til | afsendt fra",
        devices="telefon | enhed",
        closings="""
            med venlig hilsen | venlig hilsen | venlige hilsner | med venlige hilsner | mvh | kh | vh | dbh | bh | m.v.h
            v.h | hilsen | mange hilsner | bedste hilsner | kærlig hilsen | de bedste hilsner | med bedste hilsner | knus
            hav en god dag | med venlig hilsen / best regards | med venlig hilsen / kind regards | hilsner
        """,
        notices="fortrolig | ved en fejl | modtager | uvedkommende | cvr",
        reply_above="""
            over denne linje | ovenfor denne linje | over linjen for at svare | svar…over denne linie | over denne linie
        """,
    ),
    Language(
        tag="no",
        author="Fra | Avsender | Sendt av",
        to="Til | Mottaker",
        cc="Kopi | Kopi til | Cc",
        bcc="Blindkopi",
        date="Dato | Sendt | Sendt den | Mottatt",
        subject="Emne",
        reply_to="Svar til | Svar-til",
        other="Vedlegg | Viktighet | Prioritet | Følsomhet",
        leads="Den",
        wrote="skrev | skrev følgende | skreiv | skriver | har skrevet",
        we_wrote="skrev jeg | skrev vi | jeg skrev | vi skrev | skreiv eg | har jeg skrevet",
        fillers="følgende | kl | kl. | fra | av | skrev | den",
        at="kl | klokken | klokka",
        original="""
            Opprinnelig melding | Original melding | Opprinneleg melding | Opprinnelig e-post | Opprinnelig avtale
        """,
        forwarded="""
            Videresendt melding | Videresendt e-post | Start på videresendt melding | Starten på den videresendte meldingen
            Videresend melding | Vidaresend melding | Videresendt av | Begynnelse på videresendt melding
            Slutt på videresendt melding | Starten på videresendt melding
        """,
        on_behalf="på vegne av",
        forward_prefixes="VS | Videresend | Videresendt",
        reply_prefixes="SV | Svar",
        alarms="advarsel | forsiktig | obs",
        this_mail="denne e-posten | denne meldingen",
        from_outside="kommer utenfra | sendt utenfra | fra en avsender utenfor | fra en ekstern avsender",
        rarely="ikke ofte e-post fra",
        why_important="hvorfor dette er viktig",
        advice="ikke klikk | ikke åpne | vær forsiktig",
        advice_about="lenke | link | vedlegg | avsender",
        footers="""
            sendt fra | sendt med | sendt via | skaff deg Outlook | få Outlook for | last ned Outlook | hent Outlook
        """,
        devices="mobil | telefon | nettbrett",
        closings="""
            med vennlig hilsen | vennlig hilsen | beste hilsen | hilsener | hilsen | med venleg helsing | venleg helsing
            helsing | mvh | med hilsen | vennlige hilsener | med vennlige hilsener | beste hilsener | med beste hilsen
            klem | ha en fin dag
        """,
        notices="konfidensiell | mottaker | ved en feil | taushetsplikt | uvedkommende",
        reply_above="over denne linjen | ovenfor denne linjen | over denne linja",
    ),
    Language(
        tag="sv",
        author="Från | Avsändare | Skickat av",
        to="Till | Mottagare",
        cc="Kopia | Kopia till | Cc",
        bcc="Hemlig kopia | Dold kopia",
        date="Datum | Skickat | Skickades | Skickat den | Skickad | Sänt | Mottaget",
        subject="Ämne | Rubrik",
        reply_to="Svar till | Svara till",
        other="Bilagor | Bilaga | Prioritet | Bifogade filer | Angelägenhetsgrad | Känslighet",
        leads="Den",
        wrote="skrev | skrev följande | skriver | har skrivit",
        we_wrote="skrev jag | skrev vi | jag skrev | vi skrev | har jag skrivit",
        fillers="följande | från | av | på | den | kl | kl. | skrev | kl:",
        at="kl | klockan | kl:",
        original="""
            Ursprungligt meddelande | Originalmeddelande | Ursprungligt mejl | Ursprungligt mail
            Ursprungligt e-postmeddelande
        """,
        forwarded="""
            Vidarebefordrat meddelande | Vidarebefordrat mejl | Vidarebefordrat e-post | Vidarebefordrat brev
            Vidarebefordrat mail | Börjar vidarebefordrat brev | Början på vidarebefordrat brev
            Vidarebefordrat e-postmeddelande | Vidarebefordrat av | Början på vidarebefordrat meddelande
            Början på det vidarebefordrade meddelandet | Slut på vidarebefordrat meddelande
        """,
        on_behalf="på uppdrag av | för",
        forward_prefixes="VB | Vidarebefordrat | Vidarebef",
        reply_prefixes="SV | Svar",
        alarms="varning | obs | observera",
        this_mail="detta e-postmeddelande | detta mail | det här mejlet | detta meddelande",
        from_outside="kommer utifrån | kommer utanför | från en avsändare utanför | från en extern avsändare",
        rarely="inte ofta e-post från",
        why_important="varför det här är viktigt",
        advice="klicka inte | öppna inte | var försiktig",
        advice_about="länk | bilag | bifogad | avsändar",
        footers="""
            skickat från | skickat med | skickades från | skickat via | skickat ifrån | sänt från | hämta Outlook
            skaffa Outlook
        """,
        devices="mobil | telefon | surfplatta | e-post | enhet",
        closings="""
            med vänliga hälsningar | vänliga hälsningar | med vänlig hälsning | vänlig hälsning | vänligen | hälsningar
            hälsning | bästa hälsningar | med bästa hälsningar | mvh | m.v.h | vh | allt gott | hälsar | ha det bra | kram
            mvh / best regards | många hälsningar | varma hälsningar | trevlig helg
        """,
        notices="konfidentiell | sekretess | av misstag | mottagare | obehörig | personuppgifter",
        reply_above="""
            ovanför denna rad | ovanför den här raden | ovanför den här rad | ovanför denna linje | över denna rad
        """,
    ),
    Language(
        tag="is",
        author="Frá | Sendandi",
        to="Til | Viðtakandi",
        cc="Afrit",
        bcc="Falið afrit",
        date="Dagsetning | Sent | Dags",
        subject="Efni",
        reply_to="Svara til",
        leads="Þann",
        wrote="skrifaði | skrifaði eftirfarandi | skrifar",
        we_wrote="skrifaði ég | ég skrifaði | við skrifuðum | skrifuðum við",
        fillers="þann | kl | kl. | skrifaði",
        at="kl",
        original="Upprunaleg skilaboð | Upprunalegur póstur | Upphafleg skilaboð",
        forwarded="Framsent skeyti | Áframsent skeyti | Áframsend skilaboð | Framsend skilaboð | Áframsendur póstur",
        on_behalf="fyrir hönd",
        forward_prefixes="FS | ÁS",
        reply_prefixes="SV | Svar",
        footers="sent frá | sent úr | sent með",
        devices="sími | síma",
        closings="""
            kveðja | kær kveðja | með kveðju | bestu kveðjur | með bestu kveðju | kveðjur | kv | bkv | mbk | virðingarfyllst
        """,
        notices="trúnaðar | viðtakanda",
    ),
    Language(
        tag="fi",
        author="Lähettäjä",
        to="Vastaanottaja | Vastaanottajat",
        cc="Kopio | Cc",
        bcc="Piilokopio",
        date="Päivämäärä | Pvm | Lähetetty | Päiväys | Vastaanotettu",
        subject="Aihe | Otsikko",
        reply_to="Vastausosoite | Vastaus",
        other="Tärkeys | Liitteet | Liite | Prioriteetti",
        wrote="kirjoitti | kirjoitti seuraavasti | kirjoittaa | on kirjoittanut | kirjoitti viestissä",
        we_wrote="kirjoitin | kirjoitimme | lähetin | lähetimme",
        fillers="lähettäjä | klo | kirjoitti | käyttäjä | kello",
        at="klo | kello",
        original="Alkuperäinen viesti | Alkuperäinen sähköposti | Alkuperäinen tapaaminen",
        forwarded="""
            Edelleenlähetetty viesti | Edelleen lähetetty viesti | Välitetty viesti | Välitetty viesti alkaa | Välittäjä
            Edelleenlähetetty viesti alkaa | Edelleenlähetetty sähköposti | Välitetty viesti päättyy | Edelleenlähettäjä
        """,
        on_behalf="puolesta",
        forward_prefixes="VL | Välitys | Välitetty",
        reply_prefixes="VS | Vast | Vastaus",
        alarms="varoitus | huomio",
        this_mail="tämä sähköposti | tämä viesti",
        from_outside="ulkopuolelta | ulkoiselta lähettäjältä",
        rarely="et saa usein sähköpostia",
        why_important="miksi tämä on tärkeää",
        advice="älä napsauta | älä avaa",
        advice_about="link | liit | lähettäj",
        footers="lähetetty | lähetä | hanki Outlook | lataa Outlook",
        devices="puhelime | puhelin | puhelu | puhe | sähköposti | laitte | matkapuheli",
        closings="""
            ystävällisin terveisin | terveisin | parhain terveisin | t | yt | terv | ystävällisesti | parhaat terveiset
            terveiset | kunnioittavasti | hyvää päivänjatkoa | kiittäen | hyvin terveisin | lämpimin terveisin
            ystävällisin terveisin / best regards
        """,
        notices="luottamukselli | vastaanottaja | erehdyksessä | vahingossa",
        reply_above="tämän rivin yläpuolelle | tämän viivan yläpuolelle | vastaa tämän rivin yläpuolella",
    ),
    Language(
        tag="et",
        author="Saatja | Kellelt",
        to="Saaja | Kellele | Adressaat",
        cc="Koopia",
        bcc="Pimekoopia | Salakoopia",
        date="Kuupäev | Saadetud | Saatmisaeg",
        subject="Teema",
        reply_to="Vastus | Vastus aadressile",
        other="Manused | Tähtsus",
        wrote="kirjutas | kirjutas järgmist | kirjutab | on kirjutanud",
        we_wrote="kirjutasin | kirjutasime | saatsin",
        fillers="kasutaja | kell | kuupäeval | kirjutas",
        at="kell | kl",
        original="Algne kiri | Algne sõnum | Originaalkiri | Esialgne kiri",
        forwarded="""
            Edastatud kiri | Edastatud sõnum | Edastatud kirja algus | Edasisaadetud kiri | Algab edastatud kiri | Edastas
        """,
        on_behalf="nimel",
        forward_prefixes="ED | Edasi | Edastatud | Edast",
        reply_prefixes="VS | Vast | Vastus",
        footers="saadetud minu | saadetud | hankige Outlook | saadetud seadmest",
        devices="telefonist | seadmest | mobiil",
        closings="""
            parimate soovidega | lugupidamisega | tervitades | tervitustega | heade soovidega | parimat | kõike head
        """,
        notices="konfidentsiaal | ekslikult",
        reply_above="selle rea kohale | selle joone kohale | ülalpool seda joont",
    ),
    Language(
        tag="lv",
        author="No | Sūtītājs",
        to="Kam | Adresāts | Saņēmējs",
        cc="Kopija",
        bcc="Diskrētā kopija",
        date="Datums | Nosūtīts | Nosūtīšanas datums",
        subject="Tēma | Temats",
        reply_to="Atbildēt",
        other="Pielikumi | Svarīgums",
        wrote="rakstīja | raksta | uzrakstīja | rakstīja sekojošo",
        we_wrote="es rakstīju | rakstīju | rakstījām",
        fillers="lietotājs | plkst | plkst. | no",
        at="plkst | plkst.",
        original="Sākotnējais ziņojums | Oriģinālais ziņojums | Sākotnējā ziņa | Oriģinālā vēstule",
        forwarded="""
            Pārsūtīts ziņojums | Pārsūtītā ziņa | Pārsūtīta vēstule | Pārsūtītais ziņojums | Pārsūtītā ziņojuma sākums
            Sākas pārsūtītais ziņojums | Pārsūtīta ziņa
        """,
        on_behalf="vārdā",
        forward_prefixes="PĀR | Pārsūt | Pārsūtīts | Turpinājums",
        reply_prefixes="ATB | Atbilde",
        footers="nosūtīts no | sūtīts no | nosūtīts izmantojot | iegūt Outlook",
        devices="tālru",
        closings="ar cieņu | ar sveicieniem | visu labu | lai jauka diena | ar laba vēlējumiem | patiesā cieņā",
        notices="konfidenci | adresāt",
        reply_above="virs šīs līnijas | virs šīs rindas",
    ),
    Language(
        tag="lt",
        author="Nuo | Siuntėjas",
        to="Kam | Skirta | Gavėjas",
        cc="Kopija",
        bcc="Slapta kopija",
        date="Data | Išsiųsta | Siuntimo data",
        subject="Tema",
        reply_to="Atsakyti",
        other="Priedai | Svarba",
        wrote="parašė | rašė | rašo",
        we_wrote="parašiau | rašiau | rašėme | parašėme",
        fillers="nuo | vartotojas | naudotojas | val",
        at="val",
        original="Pradinis laiškas | Originalus laiškas | Pirminis laiškas | Originali žinutė | Pradinis pranešimas",
        forwarded="""
            Persiųstas laiškas | Persiunčiamas laiškas | Persiųsta žinutė | Persiųsto laiško pradžia
            Persiunčiamo laiško pradžia | Persiųstas pranešimas | Pradedamas persiųstas laiškas
        """,
        on_behalf="vardu",
        forward_prefixes="PERS | Persiųsta | PRS",
        reply_prefixes="ATS | Atsakymas",
        footers="išsiųsta iš | išsiųsta naudojant | siųsta iš | gaukite Outlook | išsiųsta iš mano",
        devices="telefon | įrengin",
        closings="""
            pagarbiai | su pagarba | geriausi linkėjimai | geros dienos | linkėjimai | su geriausiais linkėjimais
            pagarbiai jūsų
        """,
        notices="konfidencial | gavėj",
        reply_above="virš šios linijos | virš šios eilutės",
    ),
)
