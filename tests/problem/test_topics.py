"""What counts for a topic, and how much."""

from __future__ import annotations

from maild.problem.topics import ANY, IN_SUBJECT, Topics, Weight
from maild.problem.vocabulary import words_in

TOPICS = Topics(
    ("upgrade", "training"),
    3,
    {
        "en": [
            Weight(topic="upgrade", phrase="upgrade us", weight=4),
            Weight(topic="upgrade", phrase="since the upgrade", weight=-4),
            Weight(topic="upgrade", phrase="upgrade", weight=1),
            Weight(topic="training", phrase="course*", weight=3),
        ],
        "fr": [Weight(topic="training", phrase="formation", weight=3)],
        ANY: [Weight(topic="training", phrase="webinar", weight=2)],
    },
)


def scores(text: str, subject: str = "", language: str | None = "en") -> dict[str, int]:
    """Topic to score."""
    return {name: topic.score for name, topic in TOPICS.about(words_in(text), words_in(subject), language).items()}


def test_scores() -> None:
    """Each phrase counts once; what tells against a topic is taken off, and nothing is left below one."""
    assert scores("Upgrade us, upgrade us!") == {"upgrade": 5}
    assert scores("Wrong since the upgrade") == {}
    assert scores("a course and courses") == {"training": 3}
    assert scores("nothing") == {}


def test_subject() -> None:
    """What the subject says counts more, but not against a topic."""
    assert scores("", "upgrade") == {"upgrade": 1 + IN_SUBJECT}
    assert scores("upgrade us", "since the upgrade") == {"upgrade": 4 + 1 + IN_SUBJECT - 4}


def test_languages() -> None:
    """Words count in their language, those of `any` in each; where none is known, all count."""
    assert scores("formation webinar") == {"training": 2}
    assert scores("formation webinar", language="fr") == {"training": 5}
    assert scores("formation webinar course", language=None) == {"training": 8}
    assert scores("formation", language="xx") == {"training": 3}


def test_what_counted_is_told() -> None:
    """The phrases of the table, as `try` and `explain` show them; never the customer's words."""
    assert TOPICS.about(words_in("upgrade us"), [], "en")["upgrade"].phrases == ("upgrade us", "upgrade")
    assert TOPICS.counts_for(words_in("courses since the upgrade"), "en") == {"training", "upgrade"}
