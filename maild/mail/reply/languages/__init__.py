"""The table of languages. A new one is a row more in one of these files, and nothing else."""

from __future__ import annotations

from maild.mail.reply.languages.asian import ASIAN
from maild.mail.reply.languages.cyrillic import CYRILLIC
from maild.mail.reply.languages.eastern import EASTERN
from maild.mail.reply.languages.language import Language
from maild.mail.reply.languages.nordic import NORDIC
from maild.mail.reply.languages.romance import ROMANCE
from maild.mail.reply.languages.western import WESTERN

LANGUAGES: tuple[Language, ...] = (*WESTERN, *ROMANCE, *NORDIC, *EASTERN, *CYRILLIC, *ASIAN)
