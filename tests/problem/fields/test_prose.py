"""Short fields in sentences of seven languages, and what only looks like them."""

from __future__ import annotations

import pytest

from maild.problem.fields import find_fields
from maild.problem.table import FieldTable


def value(name: str, text: str, table: FieldTable, subject: str = "") -> object:
    """The value of a field, or `nothing`."""
    found = find_fields(text, subject, table)
    return found[name].value if name in found else "nothing"


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("We migrated from 16.0 to 18.0 last week and since then the labels are empty.", "18.0"),
        ("It worked in 16.0, we have 18.0 now.", "18.0"),
        ("Not 17.0 but 18.0, sorry for the mistake.", "18.0"),
        ("Wir nutzen 17.0.", "17.0"),
        ("Vorher hatten wir 15.0, jetzt 17.0.", "17.0"),
        ("Nous sommes en version 17.", "17.0"),
        ("Nous avons été migrés de la 16.0 à la 17.0 hier.", "17.0"),
        ("Estamos en la 18 desde enero.", "18.0"),
        ("Siamo sulla 17.0.", "17.0"),
        ("Usamos o Odoo 16 Enterprise.", "16.0"),
        ("We draaien 17.0 op eigen server.", "17.0"),
        ("Module web_responsive 17.0.1.2.0 on Odoo 17.", "17.0"),
        ("Odoo 15.0.20230310 (community)", "15.0"),
        ("Server version 17.0+e-20240105", "17.0"),
        ("The server says: Odoo Server 16.0-20231106", "16.0"),
        ("Ubuntu 24.04, PostgreSQL 16.0, Python 3.12, Chrome 130.0 and Excel 16.0.", "nothing"),
        ("The invoice of 17.0 EUR, lot 18.0, paragraph 16.0, line 15.0, and 12.0 kg.", "nothing"),
        ('The total reads "17.0" with a point.', "nothing"),
    ],
)
def test_versions(text: str, version: str, table: FieldTable) -> None:
    """The product's version of now; not an older one, not that of another thing."""
    assert value("version", text, table) == version


@pytest.mark.parametrize(
    "text",
    [
        "I am not sure, 16 or 17.",
        "Die Version ist 17 oder 18, das weiß ich nicht genau.",
        "On a la toute dernière version.",
        "We have version 17 point something.",
        "We are on v9.",
        "saas~18 something",
        "Usiamo la versione più recente.",
        "Wij werken met de laatste versie.",
        "Tenemos la última versión.",
    ],
)
def test_versions_that_are_left_open(text: str, table: FieldTable) -> None:
    """A version is spoken of and not settled: it is asked for, never guessed."""
    found = find_fields(text, "", table)["version"]
    assert (found.value, found.ambiguous) == (None, True)


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("We want to upgrade our database maple from 16.0 to 18.0.", "16.0", "18.0"),
        ("Wir möchten von 15.0 auf 17.0 wechseln.", "15.0", "17.0"),
        ("Merci de planifier la migration de notre base erable vers la 18.0, nous sommes en 16.0.", "16.0", "18.0"),
        ("Vorremmo aggiornare il database acero-srl dalla 16.0 alla 18.0.", "16.0", "18.0"),
        ("Graag een upgrade van esdoorn (17.0) naar 18.0.", "17.0", "18.0"),
        ("Gostaríamos de passar a base bordo-lda da 17.0 para a 18.0.", "17.0", "18.0"),
        ("Solicitamos la actualización de la base arce-sl a la versión 18.0. Ahora tenemos la 16.0.", "16.0", "18.0"),
        ("Since we upgraded to 17.0 it is slow.", "17.0", "nothing"),
        ("Seit dem Umstieg von 16.0 auf 17.0 ist es langsam.", "17.0", "nothing"),
    ],
)
def test_moves(text: str, old: str, new: str, table: FieldTable) -> None:
    """A wish leaves the old version and names the target; what is done has brought the new one."""
    assert (value("version", text, table), value("target_version", text, table)) == (old, new)


@pytest.mark.parametrize(
    ("text", "database"),
    [
        ("our database is called birch and we are on 17.0", "birch"),
        ("Base: roble-sa", "roble-sa"),
        ("Siamo sulla 17.0 (database quercia).", "quercia"),
        ("Usamos a 16.0, banco carvalho_prod.", "carvalho_prod"),
        ("We run 17.0 on alder-media.", "alder-media"),
        ("Our production db is willow-prod, but the problem is only in willow-test.", "willow-test"),
        ("see https://larch.odoo.com/web#id=5&model=res.partner", "larch"),
        ("https://erp.larch.example.org/web/login gives 502", "erp.larch.example.org"),
        ("2026-01-02 10:11:12,345 99 ERROR pine-live odoo.http: Exception", "pine-live"),
        ("Our database of customers is slow.", "nothing"),
        ("The database is down.", "nothing"),
        ("The end-to-end reference is wrong on every e-mail.", "nothing"),
    ],
)
def test_databases(text: str, database: str, table: FieldTable) -> None:
    """A name or an address; of several, the one with the problem."""
    assert value("database", text, table) == database


HOSTING = [
    ("We host it ourselves in Docker.", "on-premise"),
    ("Wir haben einen eigenen Server.", "on-premise"),
    ("Sur site, version 17.0.", "on-premise"),
    ("Draait bij ons op een VPS.", "on-premise"),
    ("Gira su un nostro server.", "on-premise"),
    ("Wir sind online bei Ihnen.", "online"),
    ("Estamos en la nube de Odoo.", "online"),
    ("version 18.0 en ligne", "online"),
    ("Usamos Odoo.sh.", "platform"),
    ("https://larch-main-55.dev.odoo.com/odoo/sales", "platform"),
    ("Our online shop is slow.", "nothing"),
    ("Customers pay online.", "nothing"),
]


@pytest.mark.parametrize(("text", "hosting"), HOSTING)
def test_hosting(text: str, hosting: str, table: FieldTable) -> None:
    """Where it runs, if that is said; a shop that sells online says nothing of it."""
    assert value("hosting", text, table) == hosting


NOT_BLOCKED = [
    "This does NOT block us.",
    "We can go on working.",
    "Das blockiert uns nicht.",
    "Wir können trotzdem weiterarbeiten.",
    "Cela ne nous bloque pas.",
    "On peut continuer à travailler.",
    "No nos bloquea.",
    "Podemos seguir trabajando.",
    "Het blokkeert ons niet.",
    "We kunnen gewoon verder werken.",
    "Non ci blocca.",
    "Possiamo comunque lavorare.",
    "Não nos bloqueia.",
    "Conseguimos continuar a trabalhar.",
]
BLOCKED = [
    "Nobody can work.",
    "Our warehouse is at a standstill.",
    "Wir stehen still.",
    "Niemand kann mehr arbeiten.",
    "Wir können keine Rechnungen mehr schreiben.",
    "Nous sommes complètement bloqués.",
    "Plus personne ne peut travailler.",
    "No podemos cobrar.",
    "No podemos seguir trabajando.",
    "Estamos parados.",
    "Niemand kan werken.",
    "Wij liggen volledig stil.",
    "Siamo fermi.",
    "Nessuno riesce a lavorare.",
    "Não conseguimos faturar.",
    "A produção está parada.",
]


@pytest.mark.parametrize(
    ("text", "blocking"),
    [
        *((text, False) for text in NOT_BLOCKED),
        *((text, True) for text in BLOCKED),
        *((text, "nothing") for text in ("This is very urgent!", "Sehr dringend!", "The blocked orders are listed twice.")),
    ],
)
def test_blocking(text: str, blocking: object, table: FieldTable) -> None:
    """Work that stopped, and what denies it; urgent is neither."""
    assert value("blocking", text, table) == blocking


@pytest.mark.parametrize(
    ("text", "customised"),
    [
        ("We use several OCA modules.", True),
        ("Unser Dienstleister hat ein Modul geschrieben.", True),
        ("Nous avons des modules spécifiques.", True),
        ("Tenemos un módulo a medida.", True),
        ("We hebben een eigen module.", True),
        ("Abbiamo moduli personalizzati.", True),
        ("Temos módulos de terceiros.", True),
        ("Purely standard, no third-party apps.", False),
        ("Es ist alles Standard.", False),
        ("Aucun module spécifique.", False),
        ("Sin personalizaciones.", False),
        ("Geen maatwerk.", False),
        ("Nessuna personalizzazione.", False),
        ("Não temos personalizações.", False),
        ("I do not know whether we have customisations.", "nothing"),
    ],
)
def test_customisations(text: str, customised: object, table: FieldTable) -> None:
    """Own and foreign modules, standard, and who does not know."""
    assert value("customised", text, table) == customised


def test_how_sure(table: FieldTable) -> None:
    """A label is surer than an address, that surer than a sentence, that surer than a bare number, and the subject the least."""
    text = "Version: 17.0\nhttps://larch.odoo.com/web\nWir stehen still."
    found = find_fields(text, "Vertrag SUB-2024-0001", table)
    sure = [found[name].confidence for name in ("version", "database", "blocking", "contract")]
    assert sure == [0.9, 0.8, 0.7, 0.68]
    assert find_fields("since yesterday, 17.0", "", table)["version"].confidence == 0.5


def test_places(table: FieldTable) -> None:
    """What is told in a sentence is found where it stands."""
    text = "Guten Tag,\n\nwir nutzen „17.0“, nein: wir haben 18.0."
    start, end = (int(each) for each in find_fields(text, "", table)["version"].source.removeprefix("text:").split("-"))
    assert text[start:end] == "18.0"
