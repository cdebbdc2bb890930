"""Character sets that nobody tells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.mime.guess import guess

SENTENCES = [
    ("Die Rechnung läßt sich nicht öffnen, bitte prüfen Sie das.", "cp1252"),
    ("La facture ne s’ouvre pas après la mise à jour, très gênant.", "cp1252"),
    ("¿Por qué no aparece el año en la factura del señor Núñez?", "cp1252"),
    ("A fatura não abre após a atualização, obrigação do serviço.", "cp1252"),
    ("Fakturaen kan ikke åbnes, og beløbet på ordren er forkert.", "cp1252"),
    ("Reikningurinn opnast ekki eftir uppfærsluna, það er mjög brýnt.", "cp1252"),
    ("Grüße aus Liège, où l’été est déjà là.", "cp1252"),
    ("Faktura se nedá otevřít, prosíme o kontrolu účtu.", "cp1250"),
    ("Příloha se nedá otevřít, prosíme o kontrolu účtů a žádostí.", "iso8859-2"),
    ("Nie można otworzyć załączonej faktury, proszę sprawdzić błąd.", "cp1250"),
    ("Счёт не открывается после обновления.", "cp1251"),
    ("Счёт не открывается после обновления.", "koi8-r"),
    ("Счёт не открывается после обновления.", "cp866"),
    ("Рахунок не відкривається після оновлення.", "koi8-u"),
    ("Το τιμολόγιο δεν ανοίγει μετά την αναβάθμιση.", "cp1253"),
    ("Fatura güncellemeden sonra açılmıyor, şirketimiz için önemli.", "cp1254"),
    ("החשבונית לא נפתחת אחרי העדכון", "cp1255"),
    ("الفاتورة لا تفتح بعد التحديث", "cp1256"),
    ("ใบแจ้งหนี้เปิดไม่ได้หลังจากอัปเดต", "cp874"),
    ("更新後に請求書が開けません。よろしくお願いします。", "shift_jis"),
    ("更新後に請求書が開けません。よろしくお願いします。", "euc-jp"),
    ("更新以后发票打不开，请尽快处理，谢谢。", "gbk"),
    ("更新以後發票打不開，請儘快處理，謝謝。", "big5"),
    ("업데이트 후 송장이 열리지 않습니다. 확인 부탁드립니다.", "euc-kr"),
]


@pytest.mark.parametrize(("sentence", "codec"), SENTENCES)
def test_one_sentence_is_enough(sentence: str, codec: str) -> None:
    """Mails are short: a sentence tells the alphabet, in every language that the desk meets."""
    raw = sentence.encode(codec)
    assert raw.decode(guess(raw)) == sentence


@given(raw=st.binary(max_size=200))
def test_any_octets_have_a_codec(raw: bytes) -> None:
    """Whatever the octets are, the name that comes out can be used."""
    assert isinstance(raw.decode(guess(raw), "replace"), str)


def test_a_guess_rests_on_the_beginning() -> None:
    """A long text is not read as a whole to be guessed."""
    assert guess("Größe ".encode("cp1252") * 1_000_000) == "cp1252"
