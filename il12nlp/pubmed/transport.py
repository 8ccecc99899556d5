"""HTTP as public services ask for it: spaced, repeated with growing pauses, bounded."""

from __future__ import annotations

import http.client
import itertools
import logging
import random
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from il12nlp.errors import ConfigError, NetworkError

log = logging.getLogger(__name__)

T = TypeVar("T")

_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_CHUNK = 1 << 16
_QUOTED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """How to talk to a service.

    Pauses and timeouts are in seconds; `timeout` is for each wait on the network, `deadline` for
    a whole answer, and `max_bytes` bounds its size.
    """

    base_url: str
    tool: str = "il12nlp"
    attempts: int = 5
    first_pause: float = 1.0
    longest_pause: float = 120.0
    timeout: float = 30.0
    deadline: float = 300.0
    max_bytes: int = 1 << 27

    def __post_init__(self) -> None:
        try:
            place = urllib.parse.urlsplit(self.base_url)
            (place.hostname or "").encode("idna")
            place.port  # noqa: B018 - raises where it is none
        except ValueError as error:
            raise ConfigError(f"base URL {self.base_url!r}: {error}") from error
        if place.scheme not in ("http", "https"):
            raise ConfigError(f"base URL {self.base_url!r}: must start with https:// or http://")
        if not self.tool.isprintable() or any(ord(letter) > 255 for letter in self.tool):
            raise ConfigError(f"tool {self.tool!r}: a name in Latin letters, without line ends")
        if min(self.attempts, self.max_bytes) < 1:
            raise ConfigError("attempts and max_bytes must be at least 1")

    @property
    def interval(self) -> float:
        """Shortest time between two requests."""
        return 1 / 3

    @property
    def secret(self) -> str | None:
        """What a server may repeat but no message shows."""
        return None

    @property
    def advice(self) -> str:
        """What to do when a service does not answer."""
        return "check the connection or try again later"

    def url(self, path: str) -> str:
        """Address of something below the base URL."""
        return urllib.parse.urljoin(self.base_url.rstrip("/") + "/", path)


class Trouble(Exception):
    """One failed attempt: why, whether to try again, and how long the server asks to wait."""

    def __init__(self, reason: str, *, passing: bool, pause: float | None = None) -> None:
        super().__init__(reason)
        self.passing = passing
        self.pause = pause


class Transport:
    """Asks one service; spaces all its requests, and is for one thread.

    `sleep`, `clock` (monotonic seconds) and `jitter` (0 to 1) can be replaced in tests.
    """

    def __init__(
        self,
        settings: HttpSettings,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.settings = settings
        self._sleep = sleep
        self._clock = clock
        self._jitter = jitter
        self._free_at = clock()

    def ask(
        self,
        url: str,
        take: Callable[[http.client.HTTPResponse], T],
        *,
        data: bytes | None = None,
        about: str = "",
        remedy: str = "check the address",
    ) -> T:
        """What `take` makes of the answer; it raises `Trouble` for an answer that is none.

        With `data` the request is a POST. Raises NetworkError, which says what was asked `about`,
        when all attempts fail or the `remedy` for a lasting refusal is not to try again.
        """
        pause = self.settings.first_pause
        for attempt in itertools.count(1):
            self._wait_for_turn()
            try:
                return self._once(url, data, take)
            except Trouble as trouble:
                too_long = (trouble.pause or 0) > self.settings.longest_pause
                if attempt == self.settings.attempts or not trouble.passing or too_long:
                    raise self._error(url, trouble, attempt, about, remedy) from trouble
                # Clients that were cut off together shall not come back together.
                wait = pause * (1 + self._jitter() / 2) if trouble.pause is None else trouble.pause
                log.warning("%s: %s; again in %.1f s", url, self.shown(str(trouble)), wait)
            self._sleep(wait)
            pause = min(2 * pause, self.settings.longest_pause)
        raise RuntimeError("never reached: the last attempt returns or raises")

    def body(self, response: http.client.HTTPResponse, *, most: int | None = None) -> bytes:
        """A whole answer, of at most `most` bytes."""
        return b"".join(self.chunks(response, most=most))

    def chunks(
        self, response: http.client.HTTPResponse, *, most: int | None = None
    ) -> Iterator[bytes]:
        """An answer piece by piece; Trouble where it is cut off, too long or too slow."""
        until = self._clock() + self.settings.deadline
        most = self.settings.max_bytes if most is None else most
        size = 0
        while chunk := _read(response):
            size += len(chunk)
            if size > most:
                raise Trouble(f"the answer is longer than {most} bytes", passing=False)
            if self._clock() > until:
                reason = f"the answer took more than {self.settings.deadline:g} s"
                raise Trouble(reason, passing=True)
            yield chunk
        if response.length:
            reason = f"the connection was cut with {response.length} bytes to come"
            raise Trouble(reason, passing=True)

    def quote(self, body: bytes) -> str:
        """The start of an answer for a message, without the secret."""
        return repr(self.shown(body[:_QUOTED].decode("utf-8", "replace"))[:160])

    def shown(self, words: str) -> str:
        """Words in one line, without the secret."""
        return " ".join(words.split()).replace(self.settings.secret or "\0", "…")

    def _wait_for_turn(self) -> None:
        wait = self._free_at - self._clock()
        if wait > 0:
            self._sleep(wait)
        self._free_at = max(self._free_at, self._clock()) + self.settings.interval

    def _once(
        self, url: str, data: bytes | None, take: Callable[[http.client.HTTPResponse], T]
    ) -> T:
        request = urllib.request.Request(url, data, {"User-Agent": self.settings.tool})
        try:
            response = urllib.request.urlopen(request, timeout=self.settings.timeout)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(error) from error
        except (OSError, http.client.HTTPException) as error:
            raise _no_answer(error) from error
        with response:
            if not isinstance(response, http.client.HTTPResponse):
                raise Trouble("led away from HTTP", passing=False)
            return take(response)

    def _refusal(self, error: urllib.error.HTTPError) -> Trouble:
        try:
            words = self.quote(error.read(_QUOTED))
        except (OSError, http.client.HTTPException):
            words = "no reason given"
        return Trouble(
            f"HTTP status {error.code} {error.reason}: {words}",
            passing=error.code in _PASSING,
            pause=_retry_after(error.headers.get("Retry-After")),
        )

    def _error(
        self, url: str, trouble: Trouble, attempts: int, about: str, remedy: str
    ) -> NetworkError:
        waited = f", asks to wait {trouble.pause:.0f} s" if trouble.pause else ""
        asked = f" for {about}" if about else ""
        todo = self.settings.advice if trouble.passing else remedy
        words = self.shown(str(trouble))
        return NetworkError(f"{url}: {words}{waited}; attempt {attempts}{asked}; {todo}")


def _read(response: http.client.HTTPResponse) -> bytes:
    try:
        return response.read1(_CHUNK)
    except (OSError, http.client.HTTPException) as error:
        raise _no_answer(error) from error


def _no_answer(error: Exception) -> Trouble:
    reason = getattr(error, "reason", None) or error
    return Trouble(f"no answer ({reason!r})", passing=True)


def _retry_after(value: str | None) -> float | None:
    """Seconds that the server asks to wait: the header gives a number or a date."""
    if value is None:
        return None
    if value.isascii() and value.strip().isdigit():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
