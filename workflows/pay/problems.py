"""Pay that cannot be run: what is wrong, each as a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from compensation.problems import sentences
from compensation.run import Problem


class CannotPay(ValueError):
    """Nothing was paid, closed or written; ``problems`` say why. ``str()`` is a sentence a line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(sentences(self.problems))
