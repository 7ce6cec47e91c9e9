"""Recorders of agent frameworks, phone drivers and model clients.

Each module needs only the package that it records. `task` starts a task of a tracked agent, such as
a case of an experiment. `failures` counts, by place, how often an integration failed to observe an
agent; the agent is not affected, and the step lacks these values.
"""

from __future__ import annotations

from ._agents import task
from ._wrapping import failures

__all__ = ["failures", "task"]
