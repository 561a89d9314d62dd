"""What the environment may set; nothing else in Rekam reads it."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings

__all__ = ["Settings"]


class Settings(BaseSettings):
    """`DATABASE_URL` names a PostgreSQL server to use in place of the embedded one; `REKAM_LOG_STYLE` how logs look;
    `REKAM_COURIER_FOLDERS` names folders, parted by colons, that the courier's page lists beside what is plugged in;
    `REKAM_FINGER_EXTRACTOR` what the centre extracts fingerprints with: "auto" is what its templates were made with, or
    at first start the best that is ready. Stations always use the classical extractor. `REKAM_DEVICES` is what a
    station captures with in place of what its folder says (real devices, unless it was made for a demo): "simulated"
    made-up people (or its folder of samples), "sbi" MOSIP SBI devices of this machine, "sbi-demo" the same with a
    made-up signature pad; `REKAM_DEVICE_MAKERS` the folder of the makers'
    certificates (the station's own `makers` otherwise), `REKAM_DEVICE_ENVIRONMENT` what devices must be registered for.
    `REKAM_TLS_CERTIFICATE`, `REKAM_TLS_KEY` and `REKAM_TLS_PORT` are how a place serves TLS (`rekam.apps.tls`); whom it
    believes, OpenSSL's own `SSL_CERT_FILE` says.
    """

    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL", repr=False)
    courier_folders: str = Field(default="", validation_alias="REKAM_COURIER_FOLDERS")
    log_style: Literal["json", "console"] = Field(default="console", validation_alias="REKAM_LOG_STYLE")
    finger_extractor: Literal["auto", "leader", "classical"] = Field(
        default="auto", validation_alias="REKAM_FINGER_EXTRACTOR"
    )
    devices: Literal["simulated", "sbi", "sbi-demo"] | None = Field(default=None, validation_alias="REKAM_DEVICES")
    device_makers: Path | None = Field(default=None, validation_alias="REKAM_DEVICE_MAKERS")
    device_environment: Literal["Production", "Pre-Production", "Staging", "Developer"] = Field(
        default="Production", validation_alias="REKAM_DEVICE_ENVIRONMENT"
    )
    tls_certificate: Path | None = Field(default=None, validation_alias="REKAM_TLS_CERTIFICATE")
    tls_key: Path | None = Field(default=None, validation_alias="REKAM_TLS_KEY")
    tls_port: int | None = Field(default=None, validation_alias="REKAM_TLS_PORT")
