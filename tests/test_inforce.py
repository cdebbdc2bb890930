"""Copies of the configuration: complete, the operator's alone, kept while they are used, with what a restart must change left as it was."""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
from pathlib import Path

import pytest

from maild.config import Config, load_config
from maild.document import MAX_BYTES
from maild.errors import BadConfiguration, TryAgain
from maild.inforce import InForce, load_kept, settle, take_up, wait_for_restart

DESK = '[desk]\ndomain = "example.com"\n\n[[mailbox]]\naddress = "support@example.com"\nservice = "support"\n'


@pytest.fixture
def written(root: Path, tmp_path: Path) -> Config:
    """A small desk with the shipped rules and templates."""
    (tmp_path / "maild.toml").write_text(DESK)
    for name in ("rules", "templates"):
        shutil.copytree(root / name, tmp_path / name)
    (tmp_path / "var").mkdir()
    return load_config(tmp_path / "maild.toml", {})


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_copy(written: Config) -> None:
    """It holds what the operator wrote, octet for octet, for the owner alone; relative paths still start from the original."""
    config = InForce(written).copy()
    assert config.kept == written.state / "config" / "1"
    assert config.file == written.file
    assert (config.state, config.settings) == (written.state, written.settings)
    for kept, own in ((config.rules, written.rules), (config.templates, written.templates)):
        assert names(kept) == names(own)
        assert all((kept / name).read_bytes() == (own / name).read_bytes() for name in names(own))
    for path in [config.kept.parent, *config.kept.parent.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_what_is_left_out(written: Config, tmp_path: Path) -> None:
    """Hidden files, editors' drafts that are gone, pipes, and folders that lead round in a circle are no part of a copy."""
    (tmp_path / "rules" / ".#05-new.yaml").symlink_to("ann@workstation.1234")
    (tmp_path / "rules" / "notes.txt").write_text("no rule")
    os.mkfifo(tmp_path / "templates" / "en" / "pipe.txt")
    (tmp_path / "templates" / "en" / "circle").symlink_to(tmp_path / "templates")
    (tmp_path / "templates" / ".git").mkdir()
    (tmp_path / "templates" / ".git" / "HEAD").write_text("x")
    config = InForce(written).copy()
    assert {name for name in names(config.rules) if not name.endswith(".yaml")} == set()
    assert ".#05-new.yaml" not in names(config.rules)
    assert not any("pipe" in name or ".git" in name for name in names(config.templates))


def test_files_elsewhere(written: Config, tmp_path: Path) -> None:
    """A link is followed: what counts is what stands there now."""
    rule = tmp_path / "rules" / "90-rest.yaml"
    rule.rename(tmp_path / "elsewhere.yaml")
    rule.symlink_to(tmp_path / "elsewhere.yaml")
    config = InForce(written).copy()
    assert not (config.rules / "90-rest.yaml").is_symlink()
    assert (config.rules / "90-rest.yaml").read_bytes() == rule.read_bytes()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: (folder / "maild.toml").write_text("[desk\n"), "maild.toml:1:"),
        (lambda folder: (folder / "maild.toml").unlink(), "maild.toml: is missing"),
        (lambda folder: (folder / "rules" / "05-a.yaml").symlink_to("nowhere"), "rules/05-a.yaml: No such file"),
        (lambda folder: (folder / "maild.toml").write_bytes(b"#" * (MAX_BYTES + 9)), f"maild.toml: has {MAX_BYTES + 1} bytes"),
    ],
)
def test_what_cannot_be_copied(written: Config, tmp_path: Path, spoil, told: str) -> None:
    """It is told by the operator's own name, and nothing of the copy stays."""
    spoil(tmp_path)
    with pytest.raises(BadConfiguration) as caught:
        InForce(written).copy()
    assert str(caught.value).replace(f"{tmp_path}/", "").startswith(told)
    assert not list((tmp_path / "var" / "config").iterdir())


def test_no_place_for_a_copy(written: Config) -> None:
    """Where it cannot be written the trouble is a passing one."""
    (written.state / "config").write_text("a file")
    with pytest.raises(TryAgain, match="the configuration was not copied"):
        InForce(written).copy()


def test_only_a_restart(written: Config, tmp_path: Path) -> None:
    """State, store and roads in stay what they were at the start; everything else is taken; what waits is named."""
    copies = InForce(written)
    copies.put_in_force(copies.copy())
    (tmp_path / "maild.toml").write_text(
        DESK.replace("[[", 'name = "New"\n[[', 1)
        + '[paths]\nstate = "else"\n[store]\nurl = "sqlite:x.db"\nworker_memory = "1GB"\n[intake]\nmin_free = "7MB"\nretention = "9w"\n'
        + '[intake.lmtp]\nlisten = "unix:x"\n[clocks]\nclose = "9d"\n[log]\nlevel = "debug"\n'
    )
    config = copies.copy()
    assert wait_for_restart(config.kept) == ["paths.state", "intake.lmtp.listen", "store.url", "log.level"]
    assert config.state == written.state
    assert (config.settings.store.url, config.settings.log.level) == (written.settings.store.url, "info")
    assert (config.desk.name, config.settings.clocks.close.days) == ("New", 9)
    assert (int(config.settings.intake.min_free), config.settings.intake.retention.days) == (7_000_000, 63)
    assert int(config.settings.store.worker_memory) == 1_000_000_000
    assert load_kept(config.kept) == config
    assert settle(written.settings, written.settings) == written.settings


def test_old_copies(written: Config) -> None:
    """A copy goes two reloads later, unless somebody still uses it; then once nobody does."""
    copies = InForce(written)
    folders = []
    for _ in range(3):
        config = copies.copy()
        folders.append(config.kept)
        copies.put_in_force(config)
    assert [folder.exists() for folder in folders] == [False, True, True]
    assert copies.where() == folders[2]
    handle = os.open(folders[1], os.O_RDONLY)  # as a worker has it
    fcntl.flock(handle, fcntl.LOCK_SH)
    copies.put_in_force(copies.copy())
    copies.put_in_force(copies.copy())
    assert [folder.exists() for folder in folders] == [False, True, False]
    os.close(handle)
    copies.put_in_force(copies.copy())
    assert not folders[1].exists()


def test_what_a_worker_takes_up(written: Config, tmp_path: Path) -> None:
    """A copy, or a plain file as it is."""
    copies = InForce(written)
    copies.put_in_force(copies.copy())
    (tmp_path / "maild.toml").write_text("[desk\n")
    assert take_up(copies.where()).settings == written.settings
    with pytest.raises(BadConfiguration):
        take_up(tmp_path / "maild.toml")
