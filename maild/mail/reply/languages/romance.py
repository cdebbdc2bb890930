"""The languages that come from Latin. Data only."""

from __future__ import annotations

from maild.mail.reply.languages.language import Language

ROMANCE = (
    Language(
        tag="fr",
        author="De | Expéditeur | Envoyé par | Expediteur",
        to="À | A | Pour | Destinataire | Destinataires",
        cc="Cc | Copie | Copie à | Copies à",
        bcc="Cci | Copie cachée | Copie invisible",
        date="Date | Envoyé | Envoyé le | Message du | Date d'envoi | Envoyé à | Reçu | Reçu le",
        subject="Objet | Sujet",
        reply_to="Répondre à | Réponse à",
        other="Pièces jointes | Pièce jointe | PJ | Importance | Priorité | Critère de diffusion | Fichiers joints",
        leads="Le | En date du",
        wrote="a écrit | écrivait | écrit | a écrit ce qui suit | a ecrit | a répondu | a envoyé",
        we_wrote="j'ai écrit | j’ai écrit | nous avons écrit | j'écrivais | j'ai envoyé | nous avons envoyé",
        fillers="de | le | à | par | du | vers | heures | l'utilisateur",
        of="de | d'",
        at="à | vers",
        original="""
            Message d'origine | Message d’origine | Message original | Message initial | Mail original | Courriel original
            Message de réponse | E-mail d'origine | Message précédent | Rendez-vous d'origine
        """,
        forwarded="""
            Message transféré | Message transmis | Message réexpédié | Mail transféré | Mail transmis | E-mail transféré
            Mél transféré | Courriel transféré | Début du message transféré | Début du message réexpédié
            Début du mail transféré | Fin du message transféré | Fin du message réexpédié | Transféré par | Réacheminé par
            Transmis par | Message relayé | Message Transferé | Début du courriel transféré
        """,
        on_behalf="de la part de | au nom de",
        forward_prefixes="TR | Transf | Transféré | Tr. | Trsf",
        reply_prefixes="RE | Rép | Réf | TR RE | Réponse | REP",
        alarms="attention | prudence | avertissement | externe",
        this_mail="ce courriel | ce message | cet e-mail | cet email | ce mail",
        from_outside="""
            provient de l'extérieur | vient de l'extérieur | émane de l'extérieur | envoyé de l'extérieur
            envoyé depuis l'extérieur | provient d'un expéditeur externe | provient d'une source externe
        """,
        rarely="""
            pas souvent d'e-mail | pas souvent d'email | pas souvent d'e-mails | pas souvent de courrier
            pas souvent de courriers
        """,
        why_important="pourquoi c'est important | pourquoi cela est important | pourquoi ceci est important",
        advice="ne cliquez | ne pas cliquer | n'ouvrez | soyez prudent | soyez vigilant | veuillez ne pas",
        advice_about="lien | pièce | expéditeur | contenu",
        footers="""
            envoyé de | envoyé à partir | envoyé depuis | envoyé avec | envoyé par | envoyé via | envoyée depuis | envoyé du
            télécharger Outlook | téléchargez Outlook | obtenez Outlook | obtenir Outlook | provenance de courrier
            provenance : courrier | expédié de | depuis mon
        """,
        excuses="excuse | fautes | brièveté | pardon",
        devices="tablette | courrier | appli | téléphone | portable | appareil | messagerie",
        closings="""
            cordialement | bien cordialement | très cordialement | bien à vous | bien à toi | salutations
            sincères salutations | salutations distinguées | meilleures salutations | salutations cordiales
            cordiales salutations | amicalement | bien amicalement | cdlt | cdt | bav | sincèrement | respectueusement
            bonne journée | bonne réception | bonne soirée | veuillez agréer mes salutations distinguées
            veuillez agréer mes sincères salutations | avec mes salutations | avec mes meilleures salutations
            avec mes salutations distinguées | avec nos salutations | bien sincèrement | cordialement vôtre | à bientôt
            bien à vous tous | bises | mes salutations
        """,
        notices="""
            confidentiel | destinataire | exclusivement | par erreur | imprimer ce | strictement interdit
            pensez à l'environnement | n'imprimez | confidentialité | usage exclusif
        """,
        reply_above="au-dessus de cette ligne | au dessus de cette ligne",
    ),
    Language(
        tag="es",
        author="De | Remitente | Enviado por",
        to="Para | A | Destinatario | Destinatarios",
        cc="Cc | Copia | Copia a | Con copia",
        bcc="Cco | Cco (bcc) | Copia oculta",
        date="""
            Fecha | Enviado | Enviado el | Enviado en | Enviada | Enviado a las | Fecha de envío | Recibido | Fecha y hora
        """,
        subject="Asunto | Tema",
        reply_to="Responder a | Respuesta a",
        other="Importancia | Datos adjuntos | Adjuntos | Adjunto | Archivos adjuntos | Prioridad | Confidencialidad",
        leads="El | El día | Con fecha",
        wrote="escribió | ha escrito | escribio | escribió lo siguiente | escribía | escribe | envió",
        we_wrote="escribí | escribimos | he escrito | hemos escrito | te escribí | les escribí | envié | enviamos",
        fillers="de | del | el | a las | las | la | a la | por | usuario",
        of="de | del",
        at="a las | a la | a",
        original="Mensaje original | Mensaje de respuesta | Correo original | Mensaje anterior | Cita original",
        forwarded="""
            Mensaje reenviado | Inicio del mensaje reenviado | Comienzo del mensaje reenviado | Mensaje desviado
            Correo reenviado | Fin del mensaje reenviado | Inicio de mensaje reenviado | Comienza el mensaje reenviado
            Reenviado por | Remitido por | Principio del mensaje reenviado | Mensaje remitido
        """,
        on_behalf="en nombre de | de parte de",
        forward_prefixes="RV | Reenv | Reenviado | Reenvío | Renv",
        reply_prefixes="RE | Ref | Resp | Respuesta",
        alarms="precaución | atención | advertencia | cuidado | aviso | externo",
        this_mail="este correo | este mensaje | este e-mail | este email",
        from_outside="""
            se originó fuera | originado fuera | enviado desde fuera | proviene de fuera | procede de fuera | viene de fuera
            de un remitente externo | de origen externo
        """,
        rarely="no suele recibir correo | no suele recibir correos",
        why_important="por qué esto es importante | por qué es importante",
        advice="no haga clic | no pinche | no abra | no pulse | tenga cuidado",
        advice_about="enlace | archivo | adjunto | remitente | vínculo",
        footers="""
            enviado desde | enviado de | enviado con | enviado a partir | enviado vía | enviado mediante | enviado por
            obtener Outlook | obtenga Outlook | obtén Outlook | descargar Outlook | consigue Outlook | desde mi
        """,
        excuses="disculp | perdon | errores | brevedad",
        devices="móvil | celular | correo | teléfono | tableta | dispositivo | aplicación",
        closings="""
            saludos | un saludo | saludos cordiales | cordiales saludos | cordialmente | atentamente | un cordial saludo
            atentos saludos | muy atentamente | reciba un cordial saludo | reciban un cordial saludo | saluda atentamente
            le saluda atentamente | les saluda atentamente | un abrazo | abrazos | un fuerte abrazo | atte | slds | saludo
            muchos saludos | mis saludos | quedo atento | quedo atenta | que tenga un buen día | afectuosamente
        """,
        notices="""
            confidencial | destinatario | exclusivamente | por error | imprimir este | protección de datos | prohibida
            medio ambiente | confidencialidad | rgpd
        """,
        reply_above="encima de esta línea | arriba de esta línea",
    ),
    Language(
        tag="it",
        author="Da | Mittente | Inviato da",
        to="A | Destinatario | Destinatari | Per",
        cc="Cc | Copia | Copia conoscenza | In copia",
        bcc="Ccn | Copia nascosta",
        date="""
            Data | Inviato | Inviata | Data invio | Data di invio | Inviato il | Inviato alle | Inviato in data | Ricevuto
        """,
        subject="Oggetto | Soggetto",
        reply_to="Rispondi a | Rispondere a",
        other="Importanza | Allegati | Allegato | Priorità | Riservatezza",
        leads="Il | Il giorno | In data",
        wrote="ha scritto | scrisse | scriveva | scrive | ha scritto quanto segue | ha inviato | ha risposto",
        we_wrote="ho scritto | abbiamo scritto | ho inviato | abbiamo inviato | ti scrivevo",
        fillers="da | di | il | alle | ore | le ore | alle ore | il giorno | dall'utente | in data",
        at="alle | ore | alle ore | h",
        original="""
            Messaggio originale | Messaggio originario | Messaggio di risposta | Mail originale | E-mail originale
            Original
        """,
        forwarded="""
            Messaggio inoltrato | Inizio messaggio inoltrato | Inizio del messaggio inoltrato | Messaggio rinviato
            Mail inoltrata | Fine messaggio inoltrato | Fine del messaggio inoltrato | Inoltrato da | E-mail inoltrata
            Messaggio Inoltrato da
        """,
        on_behalf="per conto di | a nome di",
        forward_prefixes="I | Inoltro | Inol | Inoltra",
        reply_prefixes="R | Rif | Ris | Risposta",
        alarms="attenzione | avviso | cautela | esterno",
        this_mail="questa e-mail | questa email | questo messaggio | questa mail",
        from_outside="""
            proviene dall'esterno | arriva dall'esterno | inviata dall'esterno | inviato dall'esterno | originata all'esterno
            proviene da un mittente esterno
        """,
        rarely="non si riceve spesso posta | non ricevi spesso",
        why_important="perché è importante | perché questo è importante",
        advice="non cliccare | non fare clic | non aprire | non aprite | prestare attenzione",
        advice_about="link | allegat | mittente | collegament",
        footers="""
            inviato da | inviato dal | inviato con | inviato tramite | inviato dalla | inviata da | inviata dal
            inviato mediante | scarica Outlook | ottieni Outlook
        """,
        excuses="scus | errori | brevità | refusi",
        devices="posta | cellulare | telef | dispositivo | applicazione",
        closings="""
            cordiali saluti | distinti saluti | cordialmente | saluti | un saluto | tanti saluti | un cordiale saluto
            a presto | cordialità | un caro saluto | i migliori saluti | migliori saluti | buona giornata | buon lavoro
            buona serata | in fede | con i migliori saluti | saluti cordiali | con osservanza | ossequi
            i nostri migliori saluti
        """,
        notices="""
            riservat | esclusivamente | destinatari | per errore | confidenziali | dlgs | gdpr | d.lgs | rispetta l'ambiente
            non stampare | regolamento ue
        """,
        reply_above="""
            sopra questa riga | sopra di questa riga | sopra questa linea | sopra di questa linea
            al di sopra di questa riga
        """,
    ),
    Language(
        tag="pt",
        author="De | Remetente | Enviado por",
        to="Para | Destinatário | Destinatários | A",
        cc="Cc | Com cópia | Cópia",
        bcc="Cco | Bcc | Cópia oculta",
        date="""
            Data | Enviado | Enviada | Enviada em | Enviado em | Enviado por | Data de envio | Enviado a | Enviada a
            Recebido
        """,
        subject="Assunto",
        reply_to="Responder a | Responder para",
        other="Prioridade | Anexos | Anexo | Importância | Confidencialidade",
        leads="Em | No dia | Aos | Às",
        wrote="escreveu | escreveu o seguinte | escreve | enviou | respondeu",
        we_wrote="escrevi | escrevemos | enviei | enviamos | eu escrevi",
        fillers="de | do | da | em | às | as | a | o | no dia | pelas | usuário | utilizador",
        of="de",
        at="às | as | à | à(s) | pelas",
        original="""
            Mensagem original | Mensagem de resposta | E-mail original | Mensagem anterior | Compromisso original
        """,
        forwarded="""
            Mensagem encaminhada | Mensagem reencaminhada | Início da mensagem encaminhada
            Início da mensagem reencaminhada | Início de mensagem reencaminhada | Início de mensagem encaminhada
            Fim da mensagem encaminhada | Encaminhado por | Fim da mensagem reencaminhada | Reencaminhado por
            Repassado por | E-mail encaminhado | E-mail reencaminhado
        """,
        on_behalf="em nome de | da parte de",
        forward_prefixes="ENC | Encaminhado | RES ENC | Encam | Reenc | Reencaminhado",
        reply_prefixes="RES | Resp | Resposta",
        alarms="cuidado | atenção | aviso | externo",
        this_mail="este e-mail | este email | esta mensagem",
        from_outside="""
            originado de fora | originada de fora | enviado de fora | enviada de fora | veio de fora | provém de fora
            de um remetente externo
        """,
        rarely="não costuma receber emails de | não costuma receber e-mails de",
        why_important="por que isso é importante | por que isto é importante",
        advice="não clique | não abra | tenha cuidado",
        advice_about="link | anexo | remetente",
        footers="""
            enviado do | enviado da | enviado pelo | enviado pela | enviado via | enviado a partir | enviado através
            enviada do | enviado com | obter o Outlook | obtenha o Outlook | baixe o Outlook | baixar o Outlook
            transferir o Outlook
        """,
        excuses="desculp | erros | brevidade",
        devices="telemóvel | celular | correio | telefone | aplicativo | dispositivo",
        closings="""
            cumprimentos | com os melhores cumprimentos | melhores cumprimentos | os melhores cumprimentos | atenciosamente
            att | at.te | abraços | abraço | um abraço | cordialmente | com os meus cumprimentos | saudações | atentamente
            grande abraço | cpts | cumpts | cordiais saudações | saudações cordiais | respeitosamente | bom trabalho | atte
            com estima | sem mais | cordiais cumprimentos
        """,
        notices="""
            confidencia | destinatário | por engano | sigilos | uso exclusivo | antes de imprimir | exclusivamente | sigilo
            lgpd
        """,
        reply_above="acima desta linha | por cima desta linha",
    ),
    Language(
        tag="ca",
        author="De | Remitent | Enviat per",
        to="Per a | A | Per",
        cc="A/c | Còpia",
        date="Data | Enviat | Enviat el",
        subject="Assumpte | Tema",
        reply_to="Respon a",
        leads="El | El dia | Missatge de",
        wrote="va escriure | ha escrit | escrigué",
        we_wrote="vaig escriure | vam escriure | he escrit | hem escrit",
        fillers="missatge | del dia | a les | de | del",
        of="de | d' | de l'any",
        at="a les | a la",
        original="Missatge original",
        forwarded="""
            Missatge reenviat | Comença el missatge reenviat | Inici del missatge reenviat | Fi del missatge reenviat
        """,
        on_behalf="en nom de",
        forward_prefixes="RV | Reenv",
        footers="enviat des | enviat amb | enviat amb el | obteniu l'Outlook | obtén Outlook | obteniu Outlook",
        devices="mòbil | telèfon",
        closings="""
            atentament | salutacions | cordialment | una salutació | salutacions cordials | ben cordialment | una abraçada
            rebeu una salutació cordial | cordials salutacions | fins aviat
        """,
        notices="confidencial | destinatari | exclusivament | per error",
        reply_above="per sobre d'aquesta línia | a sobre d'aquesta línia",
    ),
    Language(
        tag="gl",
        author="De | Remitente",
        to="Para",
        cc="Copia",
        date="Data | Enviado",
        subject="Asunto",
        leads="O | O día | Con data",
        wrote="escribiu | escribiu o seguinte",
        we_wrote="escribín | escribimos",
        fillers="ás | de | o",
        of="de",
        at="ás",
        original="Mensaxe orixinal",
        forwarded="Mensaxe reenviada | Comezo da mensaxe reenviada | Inicio da mensaxe reenviada",
        footers="enviado dende | enviado desde o meu | obter Outlook",
        closings="saúdos | un saúdo | atentamente | cordialmente | saúdos cordiais | unha aperta",
    ),
    Language(
        tag="ro",
        author="De la | Expeditor | Trimis de | De",
        to="Către | La | Destinatar | Catre",
        cc="Cc | Copie",
        bcc="Bcc | Copie ascunsă",
        date="Dată | Data | Trimis | Trimisă | Trimis la | Data trimiterii | Primit",
        subject="Subiect",
        reply_to="Răspuns către | Răspunde la",
        other="Atașări | Atașamente | Importanță | Prioritate",
        leads="În | La | Pe | In",
        wrote="a scris | a scris următoarele | scrie | scria",
        we_wrote="am scris | am trimis",
        fillers="în data de | la | de | pe | ora | utilizatorul | din",
        at="la | ora",
        original="Mesaj original | Mesajul original | Mesajul inițial | Mesaj inițial",
        forwarded="""
            Mesaj redirecționat | Mesaj redirectionat | Mesaj transmis mai departe | Mesaj înaintat
            Început mesaj redirecționat | Început mesaj redirecţionat | Începutul mesajului redirecționat
            Începe mesajul redirecționat | Mesaj redirecţionat | Mesajul redirecționat | Mesaj retransmis
            Sfârșitul mesajului redirecționat
        """,
        on_behalf="în numele",
        forward_prefixes="Redirecționat | Redir | TRS",
        reply_prefixes="RE | Răspuns | Rsp",
        footers="""
            trimis de pe | trimis din | trimis cu | trimis prin | trimis de la | obțineți Outlook | descărcați Outlook
        """,
        devices="telefon | mobil | dispozitiv",
        closings="""
            cu stimă | cu respect | o zi bună | cu drag | cu considerație | toate cele bune | cu stima | salutări
            numai bine | cele mai bune gânduri | o zi frumoasă | cu deosebită considerație | cu prietenie
        """,
        notices="confidențial | destinatar | din greșeală | neautorizat",
        reply_above="deasupra acestei linii | deasupra acestui rând",
    ),
)
