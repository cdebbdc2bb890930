"""Takes one rule after another out of a copy of the code, and prints the test that notices: a check that cannot fail is none.

`python scripts/breakages [WORD]` runs those whose name has the word. Its exit code is 1 where a breakage was not noticed, or where the
code that it breaks is not there any more.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from table import BREAKAGES, Breakage

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("maild", "rules", "templates", "tests", "maild.toml", "pyproject.toml", "scripts", "docs", "README.md", "CHANGELOG.md")
_FAILED = re.compile(r"(?m)^(?:FAILED|ERROR) (\S+)")


def main() -> int:
    """Breaks, tests, mends."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    unnoticed = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, copy / name)
        for breakage in (each for each in BREAKAGES if word in each.name):
            said, noticed = _tried(breakage, copy)
            unnoticed += not noticed
            print(f"{'noticed' if noticed else 'NOT NOTICED':12} {breakage.name}: {said}", flush=True)
    print(f"{unnoticed} not noticed")
    return 1 if unnoticed else 0


def _tried(breakage: Breakage, copy: Path) -> tuple[str, bool]:
    path = copy / "maild" / breakage.file
    sound = path.read_text("utf-8")
    if sound.count(breakage.old) != 1:
        return f"{breakage.file} has {breakage.old!r} {sound.count(breakage.old)} times", False
    path.write_text(sound.replace(breakage.old, breakage.new), "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", *breakage.tests]
    try:
        done = subprocess.run(
            command, cwd=copy, env={"PYTHONPATH": str(copy), "PATH": ""}, capture_output=True, text=True, check=False
        )
    finally:
        path.write_text(sound, "utf-8")
    failed = _FAILED.findall(done.stdout)
    return (failed[0] if failed else (done.stdout + done.stderr)[-300:]), bool(failed)


if __name__ == "__main__":
    sys.exit(main())
