"""One worker process, as its front holds it: started, handed batches through a pipe, awaited, ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from pathlib import Path

from maild.errors import BadConfiguration, Problem
from maild.talk import READY, Answer, Batch, answer_in, line_of

START_SECONDS = 60.0
END_SECONDS = 5.0
ANSWER_LIMIT = 1 << 22


class WorkerDied(Exception):
    """The process ended, or was ended, in the middle of a batch."""


class WorkerProcess:
    """A process of `maild.worker`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._in, self._out = process.stdin, process.stdout

    @classmethod
    async def spawn(cls, configuration: Path) -> WorkerProcess:
        """Starts one, and waits until it is ready.

        Raises:
            BadConfiguration: it did not start; it has said itself why.
            OSError: there is no room for another process.
        """
        started = cls(
            await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "maild.worker",
                str(configuration),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=ANSWER_LIMIT,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        )
        ready = b""
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(START_SECONDS):
                    ready = await started._out.readline()
        finally:  # also when the front stops meanwhile
            if ready != READY:
                await started.end()
        if ready != READY:
            raise BadConfiguration([Problem("worker", "did not start", "its own message stands above")])
        return started

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def hand(self, batch: Batch) -> None:
        """Writes a batch; a worker that hung up is noticed when its answer is awaited."""
        with contextlib.suppress(ConnectionError):
            self._in.write(line_of(batch))

    async def answer(self, seconds: float) -> Answer:
        """What became of the oldest batch that it has.

        Raises:
            WorkerDied: it did not answer in time and was killed, hung up, or ended.
        """
        try:
            async with asyncio.timeout(seconds):
                line = await self._out.readline()
        except TimeoutError:
            self._process.kill()
            raise WorkerDied(f"took longer than {seconds:.0f} s") from None
        except (ConnectionError, ValueError) as error:
            raise WorkerDied(f"hung up ({type(error).__name__})") from error
        if not line:
            code = await self._process.wait()
            raise WorkerDied(f"ended with {f'signal {-code}' if code < 0 else f'exit {code}'}")
        try:
            return answer_in(line)
        except (ValueError, KeyError, TypeError, AttributeError):
            self._process.kill()
            raise WorkerDied("said what nobody understands") from None

    async def end(self) -> None:
        """Lets it finish what it has, and kills it if that takes too long."""
        self._in.close()
        try:
            async with asyncio.timeout(END_SECONDS):
                await self._process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
