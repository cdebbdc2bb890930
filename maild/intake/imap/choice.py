"""What to do about a folder: which mails are wanted, how many at a time, how long to wait. Pure: no server, no clock, no chance.

What holds, whatever is killed when:
- A mail that is wanted is taken once. Marks and entries are one commit; flags on the server are only tidying, and never asked
  about a mail that is above `low`: a person who reads the folder, too, takes nothing away from the desk.
- At first contact what is seen already is old, and stays; else an old INBOX would become thousands of tickets.
- When the server numbers a folder anew (UIDVALIDITY), nobody can say which mail is which. Wanted is then what is not seen,
  and what arrived since shortly before the folder was last seen with nothing left, read or not. So nothing is lost; a few
  mails come twice, and the desk discards those as duplicates, by their digest.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from maild.intake.imap.replies import Selected
from maild.store.fetched import Folder

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
MARGIN = timedelta(days=2)  # SINCE knows days only, in the server's zone (RFC 3501, section 6.4.4)
AT_ONCE, OCTETS_AT_ONCE = 50, 1_048_576
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def is_the_same(known: Folder | None, now: Selected) -> bool:
    """Whether the UIDs that are remembered still mean the same mails.

    A server that was restored from a backup may count backwards under the old UIDVALIDITY: then they do not.
    """
    return known is not None and known.validity == now.validity and (now.next == 0 or now.next > known.low)


def wanted_at_first(last_drained: datetime | None) -> str:
    """The search for what is wanted from a folder whose UIDs are new to us; see above."""
    if last_drained is None:
        return "UNSEEN"
    day = last_drained - MARGIN
    return f"OR UNSEEN SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}"


def new_above(low: int, found: Iterable[int]) -> list[int]:
    """Of a search for `low + 1:*`, what is new. The last mail is found always, for `*` is the highest UID that there is."""
    return sorted({uid for uid in found if uid > low})


def portions(uids: Sequence[int], sizes: Mapping[int, int], alone: Container[int]) -> Iterator[list[int]]:
    """What to fetch at once, in this order: few enough octets to hold in memory. Some go alone."""
    portion: list[int] = []
    octets = 0
    for uid in uids:
        if portion and (octets + sizes[uid] > OCTETS_AT_ONCE or len(portion) == AT_ONCE or uid in alone or portion[-1] in alone):
            yield portion
            portion, octets = [], 0
        portion.append(uid)
        octets += sizes[uid]
    if portion:
        yield portion


def pause_after(failures: int, chance: float) -> float:
    """Seconds to wait after so many failures in a row: doubling, a quarter more or less. `chance` is in [0, 1)."""
    plain: float = min(FIRST_PAUSE * 2.0 ** min(max(failures, 1) - 1, 20), LONGEST_PAUSE)
    return plain * (0.75 + chance / 2)
