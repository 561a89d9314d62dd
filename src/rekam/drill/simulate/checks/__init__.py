"""One check for each never, while a country lives and after it has drained."""

from rekam.drill.simulate.checks.every import check_after, check_now, check_restarts

__all__ = ["check_after", "check_now", "check_restarts"]
