"""What a corp has taught its assistant (机器人知识库): groups of intents, a question with its answers each.

Plain data. `number` counts up and is never given twice, so that a page begins behind a row even if that row is gone.
"""

from dataclasses import dataclass, field

from wxkf.sim.values import Json

DEFAULT_GROUP = "默认分组"


@dataclass(slots=True)
class Group:
    """A group (分组)."""

    number: int
    group_id: str
    name: str
    is_default: bool = False


@dataclass(slots=True)
class Intent:
    """A question, others that mean the same, and what is answered; `answers` is as list_intent shows it."""

    number: int
    intent_id: str
    group_id: str
    question: str
    similar: list[str]
    answers: list[Json]


@dataclass(slots=True)
class Knowledge:
    """A corp's knowledge base. The default group is there from the first look on."""

    made: int = 0
    groups: dict[str, Group] = field(default_factory=dict)
    intents: dict[str, Intent] = field(default_factory=dict)

    def number(self) -> int:
        """Give the next row's number, from 1."""
        self.made += 1
        return self.made
