"""What the environment may set; nothing else in Rekam reads it."""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings

__all__ = ["Settings"]


class Settings(BaseSettings):
    """`DATABASE_URL` names a PostgreSQL server to use in place of the embedded one; `REKAM_LOG_STYLE` how logs look."""

    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL", repr=False)
    log_style: Literal["json", "console"] = Field(default="console", validation_alias="REKAM_LOG_STYLE")
