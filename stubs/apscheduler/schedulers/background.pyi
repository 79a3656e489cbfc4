from collections.abc import Callable
from datetime import tzinfo

class BackgroundScheduler:
    def __init__(self, *, timezone: tzinfo) -> None: ...
    def add_job(
        self,
        func: Callable[[], None],
        trigger: str | None = None,
        *,
        seconds: int = ...,
        jitter: int | None = ...,
        coalesce: bool = ...,
        max_instances: int = ...,
        misfire_grace_time: int | None = ...,
    ) -> object: ...
    def start(self) -> None: ...
    def shutdown(self, *, wait: bool = True) -> None: ...
