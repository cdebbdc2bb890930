"""SIGHUP: what is good goes live, what is not leaves everything as it was, and nothing is lost meanwhile."""

from __future__ import annotations

import os
import random
import shutil
import signal
import smtplib
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DEADLINE = 60.0
ROUNDS = 30
RULE = """- rule: all of it
  match: {{ service: support }}
  then: {{ team: {team} }}
  examples:
    - {{ text: anything, matches: true }}
"""
REFUSED = "not reloaded: the old configuration stays"


@pytest.fixture
def desk(daemon, root: Path, tmp_path: Path) -> Any:
    """A running daemon with rules and templates of its own."""
    for name in ("rules", "templates"):
        shutil.copytree(root / name, tmp_path / name)
    desk = daemon(rules="rules", templates="templates")
    desk.start()
    return desk


def outcome(desk: Any) -> dict[str, Any]:
    """Sends SIGHUP and waits for what becomes of it."""
    before = [line.get("event") for line in desk.lines]
    desk.signal(signal.SIGHUP)
    with desk._news:
        count = sum(before.count(event) for event in ("reloaded", REFUSED))
        desk._news.wait_for(lambda: len(outcomes(desk)) > count, DEADLINE)
        return outcomes(desk)[count]


def outcomes(desk: Any) -> list[dict[str, Any]]:
    return [line for line in desk.lines if line.get("event") in ("reloaded", REFUSED)]


def test_a_broken_rule_and_a_good_one(desk, tmp_path: Path, mail: Callable[..., bytes]) -> None:
    """A broken rule changes nothing, and both log and status say what is wrong; with a good one the next mail goes by it."""
    rules, worker = tmp_path / "rules" / "05-new.yaml", desk.worker()
    rules.write_text(RULE.format(team="nobody"))
    assert outcome(desk)["reason"].startswith("rules/05-new.yaml:3:")
    told = desk.status()["reload"]
    assert (told["taken"], len(told["problems"])) == (False, 1)
    assert told["problems"][0].startswith("rules/05-new.yaml:3:")
    assert "refused, the configuration before it is in force" in desk.maild("status").stdout
    desk.send(mail(Subject="Invoice layout"))
    desk.wait_for(event="mail", state="sent", times=2)
    rules.write_text(RULE.format(team="technical"))
    assert outcome(desk)["event"] == "reloaded"
    desk.wait_for(event="worker ready", times=2)
    assert desk.worker() != worker
    desk.send(mail("Another one.\n", Subject="Invoice layout", Message_ID="<2@example.org>"))
    desk.wait_for(event="mail", state="sent", times=4)
    assert [each["team"] for each in desk.tickets()] == ["functional", "technical"]
    assert desk.status()["reload"]["taken"] is True
    assert desk.stop() == 0


def test_a_worker_that_dies_beside_a_broken_file(desk, tmp_path: Path, mail: Callable[..., bytes]) -> None:
    """Nobody sent SIGHUP, and the files are half-written: a new worker starts all the same, with what was good."""
    (tmp_path / "rules" / "50-technical.yaml").write_text("- rule: half\n  mat")
    (tmp_path / "templates" / "layout.html").unlink()
    shutil.rmtree(tmp_path / "templates" / "en")
    desk.file.write_text("[desk\n")
    os.kill(desk.worker(), signal.SIGKILL)
    with smtplib.SMTP("127.0.0.1", desk.port, timeout=DEADLINE) as client:
        client.sendmail("ann@example.org", "support@example.com", mail())
    desk.wait_for(event="mail", state="sent", times=2)
    assert not [line for line in desk.lines if line.get("event") == "worker does not start"]
    assert len([line for line in desk.lines if line.get("event") == "worker ready"]) == 2
    assert desk.stop() == 0
    desk.start(ready=False)  # but nobody starts a daemon with them
    assert desk.wait() == 78
    assert any(f"{desk.file}:1:" in line.get("said", "") for line in desk.lines)


def test_what_needs_no_restart(desk, mail: Callable[..., bytes]) -> None:
    """The desk's name, a new mailbox and another next hop are taken at once; ports and the store wait, and are named."""
    written = desk.file.read_text()
    changed = written.replace('name = "Example Support"', 'name = "Other Desk"').replace(
        "[intake.smtp]\n", '[[mailbox]]\naddress = "help@example.com"\nservice = "support"\n[intake.smtp]\nmax_recipients = 7\n'
    ).replace("[store]\n", '[delivery]\nnext_hop = "maildir:var/elsewhere"\n[store]\nurl = "sqlite:var/other.db"\nworker_memory = "1GB"\n')  # fmt: skip
    desk.file.write_text(changed.replace("[desk]\n", '[desk]\nlanguage = "en"\n'))
    assert outcome(desk)["event"] == "reloaded"
    assert desk.wait_for(event="needs a restart")["settings"] == ["intake.smtp.max_recipients", "store.url"]
    desk.file.write_text(changed.replace("other.db", "maild.db"))  # the command line looks where the file says
    assert desk.status()["reload"]["restart"] == ["intake.smtp.max_recipients", "store.url"]
    desk.send(mail(), "help@example.com")
    desk.wait_for(event="mail", state="sent", times=2)
    assert not (desk.state / "other.db").exists()
    assert not desk.sent()
    sent = list((desk.state / "elsewhere" / "new").iterdir())
    assert len(sent) == 2
    assert all(b"Other Desk" in path.read_bytes() for path in sent)
    assert desk.stop() == 0


def test_a_certificate_is_renewed(daemon, tmp_path: Path, root: Path) -> None:
    """After SIGHUP new sessions get the new certificate; one that does not fit its key is refused, and the one before stays."""
    file = tmp_path / "cert.pem"
    _certificate(file, "one.example.com")
    desk = daemon()
    desk.file.write_text(desk.file.read_text().replace("[intake.smtp]\n", '[intake.smtp]\ntls_certificate = "cert.pem"\n'))
    desk.start()
    first = _shown_by(desk.port)
    _certificate(file, "two.example.com")
    assert _shown_by(desk.port) == first
    assert outcome(desk)["event"] == "reloaded"
    second = _shown_by(desk.port)
    assert second != first
    file.write_text("no certificate")
    assert outcome(desk)["reason"].startswith("cert.pem: ")
    assert _shown_by(desk.port) == second
    assert desk.stop() == 0


def _certificate(file: Path, name: str) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", "-subj", f"/CN={name}"]  # fmt: skip
    subprocess.run([*command, "-keyout", file.with_suffix(".key"), "-out", file], check=True, capture_output=True)
    file.write_text(file.read_text() + file.with_suffix(".key").read_text())


def _shown_by(port: int) -> bytes | None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with smtplib.SMTP("127.0.0.1", port, timeout=DEADLINE) as client:
        client.starttls(context=context)
        return client.sock.getpeercert(binary_form=True)


# --- writing and reloading in a loop, while mails flow ----------------------------------------------------------


class Operator:
    """Somebody who saves files in the worst moments. Each method leaves the files wrong and says what must be told."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder, self.chance = folder, chance
        self.rule = folder / "rules" / "05-new.yaml"
        self.good = {
            path: path.read_bytes() for path in [*folder.glob("rules/*"), *folder.glob("templates/*/*"), folder / "maild.toml"]
        }

    def restore(self, team: str) -> None:
        """Everything is good again, and support goes to this team."""
        for path, content in self.good.items():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        self.rule.write_text(RULE.format(team=team))

    def half_a_rule(self) -> str:
        text = RULE.format(team="bugfix")
        self.rule.write_text(text[: self.chance.randrange(text.index("match"), text.index("team:"))])
        return "rules/05-new.yaml:"

    def a_failing_example(self) -> str:
        self.rule.write_text(RULE.format(team="bugfix").replace("true", "false"))
        return "rules/05-new.yaml:1: example 1"

    def half_a_table(self) -> str:
        table = self.folder / "rules" / "teams.yaml"
        table.write_bytes(table.read_bytes()[:60])
        return "rules/teams.yaml:"

    def no_table(self) -> str:
        (self.folder / "rules" / "fields.yaml").unlink()
        return "rules/fields.yaml: No such file"

    def half_a_configuration(self) -> str:
        file = self.folder / "maild.toml"
        file.write_bytes(file.read_bytes()[: self.chance.randrange(8, 40)])
        return f"{file}:"

    def no_configuration(self) -> str:
        (self.folder / "maild.toml").unlink()
        return f"{self.folder / 'maild.toml'}: is missing"

    def a_broken_template(self) -> str:
        template = self.folder / "templates" / "en" / "notification.txt"
        template.write_text(template.read_text() + "{{ nothing_of_this_name }}\n")
        return "templates/en/notification.txt:"

    def half_a_template(self) -> str:
        (self.folder / "templates" / "en" / "acknowledgement.txt").write_text("Subject: {{ desk")
        return "templates/en/acknowledgement.txt:1"

    def no_templates(self) -> str:
        shutil.rmtree(self.folder / "templates" / "en")
        return "templates/en/acknowledgement.txt: is missing"

    def no_text(self) -> str:
        self.rule.write_bytes(b"- rule: \xff\xfe")
        return "rules/05-new.yaml: is not UTF-8 (byte 8)"


SLIPS = tuple(name for name in vars(Operator) if not name.startswith("_") and name != "restore")


def test_a_loop_of_slips(desk, tmp_path: Path, mail: Callable[..., bytes]) -> None:
    """Good, broken and half-written files in turn, with a reload each and mails before and after it, and now and then a dead worker.

    No mail is lost, every error names its file, and each mail went by the last rules that were good.
    """
    chance = random.Random(23)
    operator = Operator(tmp_path, chance)
    team, expected = "functional", []
    slips = [*SLIPS, *chance.choices([*SLIPS, "restore", "restore"], k=ROUNDS - len(SLIPS))]
    chance.shuffle(slips)
    for number, slip in enumerate(slips):
        other = "technical" if team == "bugfix" else "bugfix"
        operator.restore(other)
        wrong = "" if slip == "restore" else getattr(operator, slip)()
        for half in ("before", "after"):
            if half == "after":
                told = outcome(desk)
                assert (told["event"] == "reloaded") == (not wrong), (slip, told)
                assert told.get("reason", "").startswith(wrong), (slip, told)
                team = team if wrong else other
            if chance.random() < 0.3:
                os.kill(desk.worker(), signal.SIGKILL)
            desk.send(mail(f"{half} {number}.\n", Subject=f"{number}-{half}", Message_ID=f"<{number}-{half}@example.org>"))
            expected.append((f"{number}-{half}", team))
            desk.wait_for(event="mail", state="sent", kind="notification", times=len(expected))
    operator.restore(team)
    assert [(each["subject"], each["team"]) for each in desk.tickets()] == expected
    assert not desk.status()["spool"]
    kept = sorted(int(path.name) for path in (desk.state / "config").iterdir())
    assert len(kept) <= 2, "copies of old generations stay"
    assert desk.stop() == 0
    assert not [line for line in desk.lines if "Traceback" in str(line)]


def test_reloads_in_a_storm(desk, mail: Callable[..., bytes]) -> None:
    """Nobody waits for anybody: a hundred mails, five reloads in the middle of them; each mail is done and sent once."""
    with smtplib.SMTP("127.0.0.1", desk.port, timeout=DEADLINE) as client:
        for number in range(100):
            raw = mail(
                f"Number {number}.\n", Subject=f"s{number}", Message_ID=f"<{number}@example.org>", From=f"c{number}@example.org"
            )
            client.sendmail(f"c{number}@example.org", "support@example.com", raw)
            if number % 20 == 10:
                desk.signal(signal.SIGHUP)
    desk.wait_for(event="mail", state="sent", times=200)
    assert len(desk.tickets()) == 100
    status = desk.status()
    assert (status["spool"], status["outbox"]) == ({}, {"sent": 200})
    assert len(list((desk.state / "sent" / "new").iterdir())) == 200
    assert desk.stop() == 0
