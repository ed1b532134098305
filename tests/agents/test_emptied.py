"""A process leaves where another Kafka answers, and not where none does."""

import pytest
from aiokafka.errors import KafkaConnectionError

from agents import emptied as module


class Left(BaseException):
    """The process would be gone."""


@pytest.mark.parametrize(
    ("answers", "leaves"),
    [
        (("one", "one"), False),
        (("one", KafkaConnectionError(), "one"), False),
        ((KafkaConnectionError(), OSError(), "one", "one"), False),
        (("one", "two"), True),
        (("one", KafkaConnectionError(), "two"), True),
    ],
)
async def test_process_leaves_when_another_kafka_answers(monkeypatch, answers, leaves):
    script, left = iter(answers), []

    async def cluster_id(_kafka):
        answer = next(script, None)
        if answer is None:
            raise Left
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(module, "cluster_id", cluster_id)
    monkeypatch.setattr(module, "leave", lambda why, **_: left.append(why))
    with pytest.raises(Left):
        await module.leave_if_emptied(None, every_s=0)
    assert bool(left) is leaves
