"""`maild.toml`: its defaults, what goes before it, and each mistake told with its place and remedy."""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from maild.config import LONGEST_EXTENSION, Config, Settings, load_config
from maild.errors import BadConfiguration
from maild.outbox.values import OWN, SAMPLE

Load = Callable[..., Config]
IMAP = '\n[[intake.imap]]\nhost = "imap.example.com"\nuser = "support"\n'
MINIMAL = '[desk]\ndomain = "example.com"\n\n[[mailbox]]\naddress = "support@example.com"\nservice = "support"\n'
REMINDER_FIRST = "the reminder comes before closing: reminder must be shorter than close"


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Writes maild.toml and loads it: `load("…", MAILD_DESK_NAME="…")`."""

    def read(text: str = MINIMAL, **environ: str) -> Config:
        (tmp_path / "maild.toml").write_text(text)
        return load_config(tmp_path / "maild.toml", environ)

    return read


@pytest.fixture
def told(load: Load, tmp_path: Path) -> Callable[..., list[str]]:
    """The problems of a configuration that cannot be taken."""

    def problems(text: str = MINIMAL, **environ: str) -> list[str]:
        with pytest.raises(BadConfiguration) as caught:
            load(text, **environ)
        return [str(problem).replace(f"{tmp_path}/", "") for problem in caught.value.problems]

    return problems


Told = Callable[..., list[str]]


def with_desk(line: str) -> str:
    """The smallest configuration, with one more line in [desk], on line 3."""
    return MINIMAL.replace("\n\n", f"\n{line}\n\n", 1)


# --- what is taken ----------------------------------------------------------------------------------------------


def test_shipped(root: Path) -> None:
    """The shipped configuration loads, and sends nothing off the machine."""
    config = load_config(root / "maild.toml", {})
    assert config.desk.domain == "example.com"
    assert [each.service for each in config.mailboxes] == ["support", "emergency", "upgrade", "security"]
    assert [each.sealed for each in config.mailboxes] == [False, False, False, True]
    assert config.settings.delivery.next_hop.startswith("maildir:")
    assert config.settings.intake.smtp.listen == ("127.0.0.1:2525",)
    assert config.state == root / "var"


def test_minimal(load: Load) -> None:
    """A domain and one mailbox are enough; the other names follow from the domain."""
    config = load()
    assert (config.desk.hostname, config.desk.operator, config.desk.reply_domain) == (
        "mail.example.com",
        "root@mail.example.com",
        "example.com",
    )
    assert config.settings.store.workers == 1
    assert config.settings.intake.lmtp.listen == ()
    assert config.settings.intake.lmtp.bare_newlines == "accept"
    assert config.settings.intake.smtp.bare_newlines == "reject"


def test_paths(load: Load, tmp_path: Path) -> None:
    """A path is relative to the file of the configuration; an absolute one stays."""
    config = load()
    assert config.path("rules") == tmp_path.resolve() / "rules"
    assert config.path("/srv/rules") == Path("/srv/rules")
    assert config.state == tmp_path.resolve() / "var"


@pytest.mark.parametrize(
    ("line", "section", "key", "value"),
    [
        ('max_size = "30MiB"', "intake.smtp", "max_size", 30 * 2**20),
        ("max_size = 5000", "intake.smtp", "max_size", 5000),
        ('idle_timeout = "90s"', "intake.lmtp", "idle_timeout", timedelta(seconds=90)),
        ('retention = "52w"', "intake", "retention", timedelta(weeks=52)),
        ('close = "7d"', "clocks", "close", timedelta(days=7)),
        ('announce = "list@example.org"', "security", "announce", ("list@example.org",)),
        ("null_sender = false", "delivery", "null_sender", False),
        ('max_size = "10MB"', "delivery", "max_size", 10_000_000),
        ('reminder = "6d"', "clocks", "reminder", timedelta(days=6)),
        ('embargo = "30d"', "security", "embargo", timedelta(days=30)),
    ],
)
def test_values(load: Load, line: str, section: str, key: str, value: object) -> None:
    """Sizes, lengths of time, lists and truths are written as the documentation tells."""
    found: object = load(f"{MINIMAL}\n[{section}]\n{line}\n").settings
    for name in (*section.split("."), key):
        found = getattr(found, name)
    assert found == value


@pytest.mark.parametrize(
    ("service", "line", "sealed"),
    [("security", "", True), ("security", "sealed = false", False), ("support", "", False), ("support", "sealed = true", True)],
)
def test_sealed(load: Load, service: str, line: str, sealed: bool) -> None:
    """The security service is sealed, others are not, unless the mailbox says otherwise."""
    config = load(MINIMAL.replace('service = "support"', f'service = "{service}"\n{line}'))
    assert config.mailboxes[0].sealed is sealed


def test_imap_folders(load: Load) -> None:
    """Any number of folders; none unless they are written down."""
    config = load(f'{MINIMAL}{IMAP}done = "move:Done"\npoll = "90s"\n{IMAP}folder = "Other"\nmax_size = "1MB"\n')
    first, second = config.settings.intake.imap
    assert (first.folder, first.done, first.poll, first.port, first.tls) == (
        "INBOX",
        "move:Done",
        timedelta(seconds=90),
        993,
        True,
    )
    assert (second.folder, second.max_size, second.trusted) == ("Other", 1_000_000, False)
    assert load().settings.intake.imap == ()


def test_letter_case(load: Load) -> None:
    """Letter case of an address does not matter, in the file or in a mail."""
    config = load(MINIMAL.replace("support@example.com", "Support@Example.COM"))
    assert config.mailbox_of("SUPPORT+x@example.com") == (config.mailboxes[0], "x")
    assert config.mailbox_of("support@example.org") is None


# --- the environment --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "text", "steps", "value"),
    [
        ("MAILD_DESK_NAME", "Our Desk", "desk.name", "Our Desk"),
        ("MAILD_DESK_NAME", '"Our Desk"', "desk.name", "Our Desk"),
        ("MAILD_DESK_NAME", "", "desk.name", ""),
        ("MAILD_DESK_REPLY_DOMAIN", "reply.example.com", "desk.reply_domain", "reply.example.com"),
        ("MAILD_INTAKE_SMTP_LISTEN", "127.0.0.1:26", "intake.smtp.listen", ("127.0.0.1:26",)),
        ("MAILD_INTAKE_SMTP_LISTEN", '["127.0.0.1:26", "[::1]:26"]', "intake.smtp.listen", ("127.0.0.1:26", "[::1]:26")),
        ("MAILD_INTAKE_SMTP_MAX_SIZE", "5MB", "intake.smtp.max_size", 5_000_000),
        ("MAILD_INTAKE_MIN_FREE", "5000", "intake.min_free", 5000),
        ("MAILD_STORE_WORKERS", "4", "store.workers", 4),
        ("MAILD_DELIVERY_NULL_SENDER", "false", "delivery.null_sender", False),
        ("MAILD_CLOCKS_CLOSE", "9d", "clocks.close", timedelta(days=9)),
    ],
)
def test_environment(load: Load, variable: str, text: str, steps: str, value: object) -> None:
    """A variable goes before the file, as TOML where it can be, else as text."""
    file = f'{MINIMAL}\n[store]\nworkers = 2\n[intake.smtp]\nlisten = "127.0.0.1:25"\n'
    found: object = load(file, **{variable: text}).settings
    for name in steps.split("."):
        found = getattr(found, name)
    assert found == value


def test_every_setting_has_its_variable(load: Load) -> None:
    """Each single value can be set by the environment; what differs only in where it stands stays apart."""
    keys = [key for key in keys_of(Settings) if not key.startswith("mailbox.")]
    variables = {f"MAILD_{key.upper().replace('.', '_')}" for key in keys}
    assert len(variables) == len(keys)
    listeners = load(MAILD_INTAKE_SMTP_MAX_RECIPIENTS="7", MAILD_INTAKE_LMTP_MAX_RECIPIENTS="8").settings.intake
    assert (listeners.smtp.max_recipients, listeners.lmtp.max_recipients) == (7, 8)


def test_other_variables(load: Load) -> None:
    """Variables that are not maild's do not matter."""
    assert load(PATH="/bin", MAILDIR="/var/mail", maild_desk_name="x").desk.name == "Support"


@pytest.mark.parametrize(
    ("variable", "remedy"),
    [
        ("MAILD_STORE_WORKER", "did you mean 'MAILD_STORE_WORKERS'?"),
        ("MAILD_DESK_NAEM", "did you mean 'MAILD_DESK_NAME'?"),
        ("MAILD_MAILBOX", "did you mean"),
    ],
)
def test_unknown_variable(told: Told, variable: str, remedy: str) -> None:
    """A variable of maild's that names no setting is told with the nearest that does."""
    [problem] = told(**{variable: "x"})
    assert problem.startswith(f"environment:{variable}: names no setting; {remedy}")


def test_bad_value_in_environment(told: Told) -> None:
    """A value of the environment is checked like one of the file."""
    assert "'many' does not fit; a whole number belongs here" in told(MAILD_STORE_WORKERS="many")[0]


@pytest.mark.parametrize("line", ["store = 3", "store = []", "intake = 3", "intake.smtp = 3"])
def test_variable_for_what_is_no_table(told: Told, line: str) -> None:
    """A variable for a section that the file has something else for is no error of the program: the file's mistake is told."""
    problems = told(f"{line}\n{MINIMAL}", MAILD_STORE_WORKERS="2", MAILD_INTAKE_SMTP_LISTEN="127.0.0.1:26")
    assert len(problems) == 1
    assert problems[0].startswith("maild.toml:1:1: ")
    assert "stands where names and values belong" in problems[0]


# --- mistakes ---------------------------------------------------------------------------------------------------


def test_unknown_key(told: Told) -> None:
    """An unknown key is told with file, line, column and the nearest known one."""
    assert told(with_desk('  hostnam = "x"')) == ["maild.toml:3:3: 'hostnam' is not known here; did you mean 'hostname'?"]


def test_unknown_section(told: Told) -> None:
    """An unknown section is told likewise."""
    assert told(f"{MINIMAL}\n[delivry]\n") == ["maild.toml:8:1: 'delivry' is not known here; did you mean 'delivery'?"]


def test_several_at_once(told: Told) -> None:
    """Several mistakes, of the file and of the environment, are told at once."""
    text = '[desk]\nnam = "x"\n[[mailbox]]\naddress = "support"\nservice = "suport"\n[store]\nworkers = "two"\n[intake.smtp]\nmax_size = "big"\n'
    problems = told(text, MAILD_X="1")
    assert [problem.partition(": ")[0] for problem in problems] == [
        "environment:MAILD_X",
        "maild.toml:2:1",
        "maild.toml:1:1",
        "maild.toml:5:1",
        "maild.toml:9:1",
        "maild.toml:7:1",
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('timezone = "Mars/Base"', "maild.toml:1:1: 'Mars/Base' is no time zone: write one like Europe/Brussels"),
        ('timezone = "Europe"', "maild.toml:1:1: 'Europe' is no time zone: write one like Europe/Brussels"),
        ('timezone = "../etc/passwd"', "maild.toml:1:1: '../etc/passwd' is no time zone: write one like Europe/Brussels"),
        ('timezone = ""', "maild.toml:1:1: '' is no time zone: write one like Europe/Brussels"),
        ('hostname = "mail host"', "maild.toml:1:1: 'mail host' is no domain name"),
        ('reply_domain = "-x.example.com"', "maild.toml:1:1: '-x.example.com' is no domain name"),
        ('separator = "#"', "maild.toml:1:1: '#' cannot separate: use +, -, =, _, . or nothing"),
        ('operator = ["a", "b"]', "maild.toml:3:1: a list does not fit; text belongs here"),
    ],
)
def test_desk(told: Told, line: str, problem: str) -> None:
    """A bad time zone, domain, separator or type is told."""
    assert told(with_desk(line)) == [problem]


@pytest.mark.parametrize(
    "domain",
    [
        "",
        "exa mple.com",
        "example..com",
        ".example.com",
        "example.com.",
        "exämple.com",
        "x" * 64 + ".com",
        "a." * 130 + "com",
        "example.com\\n",
        "[127.0.0.1]",
    ],
)
def test_domain(told: Told, domain: str) -> None:
    """What is no domain name is told."""
    assert "is no domain name" in told(MINIMAL.replace('domain = "example.com"', f'domain = "{domain}"'))[0]


@pytest.mark.parametrize("address", ["support", "@example.com", "support@", "support@exa mple.com", ""])
def test_address(told: Told, address: str) -> None:
    """What is no mail address is told at its mailbox."""
    assert told(MINIMAL.replace("support@example.com", address)) == [f"maild.toml:4:1: '{address}' is no mail address"]


def test_duplicate_mailbox(told: Told) -> None:
    """A mailbox that stands twice, letter case aside, is told at its second place."""
    text = f'{MINIMAL}\n[[mailbox]]\naddress = "SUPPORT@example.com"\nservice = "upgrade"\n'
    assert told(text) == ["maild.toml:8:1: 'support@example.com' stands here twice; keep one"]


def test_long_mailbox(load: Load, told: Told) -> None:
    """A mailbox leaves room for its longest extension: 27 octets are taken with a separator, 28 are not; without one, more."""
    room = 64 - 1 - LONGEST_EXTENSION
    assert room == 27
    assert load(MINIMAL.replace("support@", f"{'x' * room}@"))
    long = MINIMAL.replace("support@", f"{'x' * (room + 1)}@")
    name = f"{'x' * 28}@example.com"
    assert told(long) == [
        f"maild.toml:4:1: '{name}' leaves no room: its longest address has 65 octets before the @; the limit is 64; shorten the mailbox"
    ]
    assert load(long, MAILD_DESK_SEPARATOR="")


@pytest.mark.parametrize(
    "operator", ["support@example.com", "Support+notes@Example.com", "postmaster@example.com", "abuse@example.com"]
)
def test_operator(told: Told, operator: str) -> None:
    """The operator is told of trouble by mail, so it is no address of the desk itself."""
    what = f"maild.toml:3:1: '{operator}' is an address of the desk itself: its notes would come back to it; name a mailbox that a person reads"
    assert told(with_desk(f'operator = "{operator}"')) == [what]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("mailbox = []\n[desk]\ndomain = 'example.com'\n", "maild.toml:1:1: there is no [[mailbox]]; add at least one"),
        ("[desk]\ndomain = 'example.com'\n", "maild.toml:1:1: 'mailbox' is missing; add `mailbox`"),
        ("[[mailbox]]\naddress = 'a@b.c'\nservice = 'support'\n", "maild.toml:1:1: 'desk' is missing; add `desk`"),
        (MINIMAL.replace('"support"', '"suport"'), "maild.toml:6:1: 'suport' is not known here; did you mean 'support'?"),
        (f"{MINIMAL}[store]\nurl = 'mysql:x'\n", "maild.toml:7:1: 'mysql:x' is no store: write sqlite:PATH or postgresql://…"),
        (f"{MINIMAL}[store]\nworkers = 0\n", "maild.toml:7:1: workers are 1 to 64"),
        (f"{MINIMAL}[store]\nworkers = 65\n", "maild.toml:7:1: workers are 1 to 64"),
        (
            f"{MINIMAL}[clocks]\nclose = '1 week'\n",
            "maild.toml:8:1: '1 week' does not fit; a length of time looks like 30s, 15m, 48h, 7d or 2w",
        ),
        (f"{MINIMAL}[clocks]\nclose = 7\n", "maild.toml:8:1: '7' does not fit; a length of time like 7d belongs here"),
        (f"{MINIMAL}[clocks]\nreminder = '7d'\n", f"maild.toml:7:1: {REMINDER_FIRST}"),
        (f"{MINIMAL}[clocks]\nreminder = '8d'\nclose = '2d'\n", f"maild.toml:7:1: {REMINDER_FIRST}"),
        (f"{MINIMAL}[clocks]\nclose = '5d'\n", f"maild.toml:7:1: {REMINDER_FIRST}"),
        (f"{MINIMAL}[clocks]\nreminder = '0s'\n", f"maild.toml:7:1: {REMINDER_FIRST}"),
        (f"{MINIMAL}[intake]\nmin_free = '1TB'\n", "maild.toml:8:1: '1TB' does not fit; a size looks like 25MB, 512KB or 1GB"),
        (f"{MINIMAL}[intake.smtp]\nrequire_tls = 1\n", "maild.toml:8:1: '1' does not fit; true or false belongs here"),
        (
            f"{MINIMAL}{IMAP}done = 'archive'\n",
            "maild.toml:8:1: 'archive' is nothing to do: write seen, delete or move:FOLDER, another one",
        ),
        (
            f"{MINIMAL}{IMAP}done = 'move:INBOX'\n",
            "maild.toml:8:1: 'move:INBOX' is nothing to do: write seen, delete or move:FOLDER, another one",
        ),
        (
            f"{MINIMAL}{IMAP}tls = false\n",
            "maild.toml:8:1: tls = false would show the password to all between here and 'imap.example.com'",
        ),
        (
            f"{MINIMAL}{IMAP}poll = '0s'\n",
            "maild.toml:8:1: poll is 1s to 10m: the clocks of silence wait until a folder was seen",
        ),
        (
            f"{MINIMAL}{IMAP}port = 0\n",
            "maild.toml:8:1: host, user and folder have at least one character, and a port is 1 to 65535",
        ),
        (f'{MINIMAL}{IMAP}folder = "a\\nb"\n', "maild.toml:8:1: user and folders have no control characters"),
        (
            f"{MINIMAL}{IMAP}address = 'suport@example.com'\n",
            "maild.toml:11:1: 'suport@example.com' is no mailbox of the desk; did you mean 'support@example.com'?",
        ),
        (f"{MINIMAL}{IMAP}{IMAP}", "maild.toml:12:1: 'INBOX' of this user stands here twice; keep one"),
        (f"{MINIMAL}{IMAP}hots = 'x'\n", "maild.toml:11:1: 'hots' is not known here; did you mean 'host'?"),
        (
            f"{MINIMAL}[log]\nlevel = 'loud'\n",
            "maild.toml:8:1: 'loud' is not known here; known here: debug, error, info, warning",
        ),
    ],
)
def test_mistakes(told: Told, text: str, problem: str) -> None:
    """Each mistake is told in one sentence with its place."""
    assert told(text) == [problem]


def test_no_file(tmp_path: Path) -> None:
    """A configuration that is not there is told with a remedy."""
    with pytest.raises(BadConfiguration, match=r"maild\.toml: No such file or directory; name another with -c, or create it"):
        load_config(tmp_path / "maild.toml", {})


# --- the documentation ------------------------------------------------------------------------------------------


def keys_of(kind: type, above: str = "") -> list[str]:
    """Each setting as `section.key`, with those of a mailbox and of an IMAP folder."""
    found: list[str] = []
    for name, hint in typing.get_type_hints(kind).items():
        inner = next((each for each in typing.get_args(hint) if dataclasses.is_dataclass(each)), hint)
        if isinstance(inner, type) and dataclasses.is_dataclass(inner):
            found += keys_of(inner, f"{above}{name}.")
        else:
            found.append(f"{above}{name}")
    return found


@pytest.fixture(scope="module")
def documented(root: Path) -> Mapping[str, str]:
    """The rows of docs/configuration.md: key and default."""
    text = (root / "docs" / "configuration.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z_]+(?:\.[a-z_]+)+)` \|[^|]*\|([^|]*)\|", text, re.M)
    assert len(rows) == len({key for key, _ in rows}), "a key stands there twice"
    return {key: default.strip() for key, default in rows}


def test_documentation(documented: Mapping[str, str]) -> None:
    """The documentation lists exactly the settings that there are."""
    assert sorted(documented) == sorted(keys_of(Settings))


def test_documented_defaults(documented: Mapping[str, str], load: Load) -> None:
    """A default that the documentation writes as a value is the default."""
    written = {
        key: default.strip("`")
        for key, default in documented.items()
        if re.fullmatch(r"`[^`]+`", default) and not key.startswith(("mailbox.", "intake.imap."))
    }
    assert len(written) > 40
    sections: dict[str, list[str]] = {}
    for key, default in written.items():
        section, _, name = key.rpartition(".")
        sections.setdefault(section, []).append(f"{name} = {default}")
    desk = "\n".join(sections.pop("desk"))
    tables = "\n".join(f"[{section}]\n" + "\n".join(lines) for section, lines in sections.items())
    assert load(f"{with_desk(desk)}\n{tables}\n").settings == load().settings


def test_documented_values_of_templates(root: Path) -> None:
    """The documentation lists exactly the values that templates may use: those of all, and each template's own."""
    section = (root / "docs" / "adding.md").read_text("utf-8").partition("## A template\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| `")]
    names = [[re.findall(r"`([^`]+)`", cell) for cell in row] for row in rows]
    of_all = [name for row in names if len(row) == 2 for name in row[0]]
    own = {template: set(row[1]) for row in names if len(row) == 3 for template in row[0]}
    assert sorted(of_all) == sorted(SAMPLE)
    assert own == {template: set(values) for template, values in OWN.items()}


def test_documented_defaults_of_imap(documented: Mapping[str, str], load: Load) -> None:
    """The same for the settings of an IMAP folder, of which there may be any number."""
    written = {
        key.rpartition(".")[2]: default.strip("`") for key, default in documented.items() if key.startswith("intake.imap.")
    }
    lines = "\n".join(
        f"{key} = {default}" for key, default in written.items() if not re.search("required|none|the first", default)
    )
    told, silent = load(f"{MINIMAL}{IMAP}{lines}\n"), load(f"{MINIMAL}{IMAP}")
    assert lines.count("\n") > 6
    assert told.settings == silent.settings
