"""maild against a yardstick on the same mails in the same run: `make bench`, or `python scripts/bench --help`.

First what it costs to understand a mail. Then each round measures, one after the other: the stock aiosmtpd sink (drops everything), maild accepting (250 means durable),
with its workers halted and with workers and next hop busy meanwhile; maild end to end (until the last acknowledgement and
notification were taken by the next hop). Then a lone mail in an idle desk, the memory of each process, the time of a sync, and the front's growth under
fifty mails of 25 MB at once. Absolute figures are this machine's; compare the ratios.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from corpus import mails, renamed
from reading import print_reading
from wire import STOCK_SINK, Sink, send_all

ROOT = Path(__file__).resolve().parents[2]
RECIPIENT = "support@example.com"
TEXT = b"\r\nHello,\r\n\r\nthe invoice PDF is blank.\r\n\r\nVersion: 17.0\r\nDatabase: acme\r\n"


def main() -> None:
    """Runs the whole of it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--count", type=int, default=2000, help="mails a round")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--connections", type=int, default=20)
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--no-large", action="store_true", help="leave the fifty mails of 25 MB out")
    asyncio.run(bench(options.parse_args()))


async def bench(options: argparse.Namespace) -> None:
    """All rounds, then the medians."""
    with tempfile.TemporaryDirectory(prefix="maild-bench-") as name:
        folder = Path(name)
        what, corpus = mails(folder / "corpus", options.count)
        mean = sum(map(len, corpus)) // len(corpus)
        print(
            f"{len(corpus)} mails ({what}, mean {mean / 1000:.1f} KB), {options.connections} connections, {options.workers} worker(s)"
        )
        print_reading(corpus, ROOT, options.rounds)
        print(f"one sync of 4 KB: {sync_time(folder) * 1000:.2f} ms (median of 200)\n")
        print("round   stock/s  accept/s   ratio  accept, busy   ratio  end-to-end/s")
        rows = []
        times: list[float] = []
        async with sink(times) as port, desk(folder / "desk", port, options.workers) as running:
            for number in range(1, options.rounds + 1):
                fresh = [renamed(raw, 2 * number) for raw in corpus]
                stock = await stock_rate(fresh, options.connections)
                alone = await accept_rate(running, [renamed(raw, 2 * number + 1) for raw in corpus], times, options.connections)
                busy, whole = await desk_rates(running, fresh, times, options.connections)
                rows.append((stock, alone, alone / stock, busy, busy / stock, whole))
                print(f"{number:5}  {line(rows[-1])}")
            middle = [statistics.median(column) for column in zip(*rows, strict=True)]
            print(f"median {line(middle)}\n")
            await lone_mails(running, times)
            running.print_memory()
        if not options.no_large:
            async with sink([]) as port, desk(folder / "large", port, options.workers) as running:
                await large_mails(running)


class Running:
    """A daemon that runs."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port

    def processes(self) -> dict[str, int]:
        """Name -> pid."""
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False
        ).stdout
        return {"front": self.process.pid, **{f"worker {n}": int(pid) for n, pid in enumerate(listed.split(), 1)}}

    def print_memory(self) -> None:
        """Resident memory of each process, now and at its most."""
        for name, pid in self.processes().items():
            print(f"memory, {name}: {memory(pid, 'VmRSS')} MB, at most {memory(pid, 'VmHWM')} MB")


@contextlib.asynccontextmanager
async def sink(times: list[float]) -> AsyncIterator[int]:
    """A next hop on a free port."""
    server = await asyncio.get_running_loop().create_server(lambda: Sink(times), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@contextlib.asynccontextmanager
async def desk(folder: Path, hop: int, workers: int) -> AsyncIterator[Running]:
    """The shipped desk in a folder of its own."""
    folder.mkdir()
    for name in ("maild.toml", "rules", "templates"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, folder / name)
    port = free_port()
    settings = {
        "MAILD_INTAKE_SMTP_LISTEN": f"127.0.0.1:{port}",
        "MAILD_DELIVERY_NEXT_HOP": f"smtp://127.0.0.1:{hop}",
        "MAILD_STORE_WORKERS": str(workers),
    }
    command = [sys.executable, "-m", "maild", "-c", str(folder / "maild.toml"), "run"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, env={**os.environ, **settings}, stderr=log, text=True)
        while "maild: ready" not in (folder / "log").read_text():
            if process.poll() is not None:
                raise SystemExit((folder / "log").read_text())
            await asyncio.sleep(0.05)
        try:
            yield Running(process, port)
        finally:
            process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(process.wait, 60)


async def stock_rate(corpus: list[bytes], connections: int) -> float:
    """Mails a second into aiosmtpd as it is shipped."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", STOCK_SINK, str(port)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    try:
        seconds, _ = await send_all(corpus, port, connections, RECIPIENT)
        return len(corpus) / seconds
    finally:
        process.terminate()
        process.wait()


async def desk_rates(running: Running, corpus: list[bytes], times: list[float], connections: int) -> tuple[float, float]:
    """Mails a second accepted, and done: until the next hop has had no more mail for a second."""
    times.clear()
    begun = time.perf_counter()
    seconds, _ = await send_all(corpus, running.port, connections, RECIPIENT)
    await drained(corpus, times)
    return len(corpus) / seconds, len(corpus) / (times[-1] - begun)


async def accept_rate(running: Running, corpus: list[bytes], times: list[float], connections: int) -> float:
    """Mails a second accepted while the workers are halted; then lets the backlog drain."""
    workers = [pid for name, pid in running.processes().items() if name != "front"]
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    seconds, _ = await send_all(corpus, running.port, connections, RECIPIENT)
    times.clear()
    for pid in workers:
        os.kill(pid, signal.SIGCONT)
    await drained(corpus, times)
    return len(corpus) / seconds


async def drained(corpus: list[bytes], times: list[float]) -> None:
    """Waits until the next hop has had no more mail for a second."""
    while len(times) < len(corpus) or time.perf_counter() - times[-1] < 1.0:
        await asyncio.sleep(0.1)


def line(row: Sequence[float]) -> str:
    """A row of figures under their names."""
    return f"{row[0]:8.0f}  {row[1]:8.0f}  {row[2]:6.2f}  {row[3]:12.0f}  {row[4]:6.2f}  {row[5]:12.0f}"


async def lone_mails(running: Running, times: list[float], count: int = 30) -> None:
    """One mail at a time in an idle desk: from MAIL to the first mail at the next hop."""
    took = []
    for number in range(count):
        times.clear()
        begun = time.perf_counter()
        head = f"From: <lone{number}@customer.example>\r\nTo: {RECIPIENT}\r\nMessage-ID: <lone{number}@customer.example>\r\nSubject: one\r\n"
        await send_all([head.encode() + TEXT], running.port, 1, RECIPIENT)
        while len(times) < 2:
            await asyncio.sleep(0.0005)
        took.append((times[0] - begun) * 1000)
        await asyncio.sleep(0.05)
    print(f"a lone mail, answered after: {statistics.median(took):.1f} ms (median of {count}), at most {max(took):.1f} ms")


async def large_mails(running: Running, count: int = 50, size: int = 24_500_000) -> None:
    """The front's growth while many large mails come at once."""
    line = b"x" * 74 + b"\r\n"
    head = b"From: User <user%d@customer.example>\r\nTo: support@example.com\r\nSubject: large\r\nMessage-ID: <large%d@customer.example>\r\n"
    kind = b"Content-Type: application/octet-stream; name=a.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    body = line * (size // len(line))
    before = memory(running.process.pid, "VmRSS")
    seconds, _ = await send_all([head % (n, n) + kind + body for n in range(count)], running.port, count, RECIPIENT)
    after = memory(running.process.pid, "VmHWM")
    print(f"\n{count} mails of {size / 1e6:.0f} MB at once: {seconds:.1f} s, the front grew from {before} to at most {after} MB")


def sync_time(folder: Path) -> float:
    """Seconds that a write of 4 KB takes to be durable."""
    took = []
    handle = os.open(folder / "sync", os.O_WRONLY | os.O_CREAT)
    for _ in range(200):
        begun = time.perf_counter()
        os.write(handle, bytes(4096))
        os.fdatasync(handle)
        took.append(time.perf_counter() - begun)
    os.close(handle)
    return statistics.median(took)


def memory(pid: int, what: str) -> int:
    """MB of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(what):
            return int(line.split()[1]) // 1000
    return 0


def free_port() -> int:
    """A port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
