from collections.abc import Callable
from datetime import datetime, tzinfo

from apscheduler.triggers.base import BaseTrigger

class Job:
    next_run_time: datetime
    def modify(self, *, next_run_time: datetime) -> None: ...

class BackgroundScheduler:
    def __init__(self, *, timezone: tzinfo) -> None: ...
    def add_job(
        self,
        func: Callable[[], None],
        trigger: BaseTrigger | None = ...,
        *,
        coalesce: bool = ...,
        max_instances: int = ...,
        misfire_grace_time: int | None = ...,
    ) -> Job: ...
    def start(self) -> None: ...
    def shutdown(self, *, wait: bool = True) -> None: ...
