"""A circle on the working image."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Circle:
    """Centre (x right, y down) and radius in pixels; pixel centres lie on whole numbers."""

    x: float
    y: float
    radius: float

    def scaled(self, factor: float) -> "Circle":
        """The same circle on an image `factor` times the size."""
        return Circle(self.x * factor, self.y * factor, self.radius * factor)
