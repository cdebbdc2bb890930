"""What an envelope's addresses come to: each proven address for itself, all others together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from maild.mail.message import Mailbox
from maild.tickets.address import AddressBook, Target, ToBounce, ToMailbox, ToOperator, ToTicket
from maild.tickets.arrival import PRECEDENCE, proven, targets_of
from maild.tickets.facts import NOTHING_KNOWN, Facts
from maild.tickets.ticket import Ticket
from tests_clock import NOON
