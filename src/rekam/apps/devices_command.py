"""`rekam devices`: what is plugged in at this machine, and a simulated SBI device to try everything with."""

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import uvicorn
from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from rekam.apps.serving import HOST, end_with_parent, require_free
from rekam.apps.station_devices import MAKERS, sbi_devices
from rekam.enrolment.sample import Modality
from rekam.interop.sbi.simulator.app import simulator_app
from rekam.interop.sbi.simulator.faults import Fault
from rekam.interop.sbi.simulator.people import Bodies
from rekam.interop.sbi.simulator.service import KINDS, SimulatedService, make_devices
from rekam.station.devices.port import DeviceHealth, DeviceState
from rekam.storage.whole_file import write_whole
from rekam.trust import keyfile
from rekam.trust.clock import SystemClock
from rekam.trust.device_maker import UnsafeDeviceMaker
from rekam.trust.random import SystemRandom

__all__ = ["app"]

app = App(name="devices", help="Capture devices of this machine.")

_KINDS = {"finger": Modality.FINGER, "iris": Modality.IRIS, "face": Modality.PHOTO}
Environment = Literal["Production", "Pre-Production", "Staging", "Developer"]


@app.command(name="list")
def list_devices(
    *,
    data: Annotated[Path, Parameter(help="the station's data folder, whose makers are trusted")] = Path("data"),
    makers: Annotated[Path | None, Parameter(help="another folder of makers' certificates")] = None,
    environment: Annotated[Environment, Parameter(help="what devices must be registered for")] = "Production",
    as_json: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> None:
    """Say which SBI devices answer on this machine, how they are, and what to do. Exit code 1 when one is not ready."""
    clock = SystemClock()
    console = Console(stderr=as_json)
    with console.status("Looking at ports 4501 to 4600 ..."):
        states = sbi_devices(makers or data / MAKERS, clock, clock.wall, environment).look()
    if as_json:
        sys.stdout.write(json.dumps([_to_map(state) for state in states]) + "\n")
    elif states:
        console.print(_table(states))
    else:
        console.print("No SBI device answers. Plug one in and start its program, or try rekam devices simulate.")
    if not states or any(state.health is not DeviceHealth.READY for state in states):
        sys.exit(1)


@app.command
def simulate(
    *,
    trusted_by: Annotated[
        list[Path] | None, Parameter(help="data folders of stations that shall trust this; never a real counter's")
    ] = None,
    keys: Annotated[Path, Parameter(help="key file of the made-up maker, made on first start")] = Path(
        "data/keys/simulated-devices.keys"
    ),
    port: Annotated[int, Parameter(help="4501 to 4600")] = 4501,
    images: Annotated[Path | None, Parameter(help="folder with finger-2.png, iris-1.png, photo.png ...")] = None,
    person: Annotated[int | None, Parameter(help="seat this made-up person, whoever's sitting it is")] = None,
    kinds: Annotated[list[Literal["finger", "iris", "face"]] | None, Parameter(help="which devices")] = None,
    bad_attempts: Annotated[bool, Parameter(help="about one first attempt in eight fails, as at a counter")] = True,
    delay: Annotated[float, Parameter(help="seconds that a capture takes")] = 0.5,
    fault: Annotated[Fault | None, Parameter(help="what it does wrong")] = None,
    error: Annotated[str, Parameter(help="an error code of the standard, 100 to 112")] = "",
    times: Annotated[int | None, Parameter(help="for so many captures; otherwise until it is ended")] = None,
    with_parent: Annotated[bool, Parameter(help="end when standard input closes", negative=())] = False,
) -> None:
    """Be an SBI device: fingers, irises and face of people who do not exist. Orders while it runs: POST /simulate."""
    require_free(port)
    clock = SystemClock()
    maker = _maker(keys, clock)
    for folder in trusted_by or ():
        makers = folder / MAKERS
        makers.mkdir(parents=True, exist_ok=True)
        write_whole(makers / "simulated-devices-NOT-FOR-REAL-RESIDENTS.pem", maker.root_pem)
    bodies = Bodies(images, bad_attempts=bad_attempts)
    bodies.person = person
    devices = make_devices(maker, clock, SystemRandom(), [_KINDS[kind] for kind in kinds] if kinds else KINDS)
    service = SimulatedService(maker, devices, clock, bodies, fault=fault, error_code=error, times=times, delay_s=delay)
    if with_parent:
        end_with_parent()
    sys.stdout.write(f"simulated SBI devices http://{HOST}:{port}\n")
    sys.stdout.flush()
    uvicorn.run(simulator_app(service), host=HOST, port=port, http="h11", log_config=None, access_log=False)


def _maker(keys: Path, clock: SystemClock) -> UnsafeDeviceMaker:
    if keys.exists():
        held = keyfile.load(keys)
        return UnsafeDeviceMaker.from_bytes(held["maker"], held["root"])
    made = UnsafeDeviceMaker.create(clock.wall())
    keyfile.save(keys, {"maker": made.key_bytes, "root": made.root_pem})
    return made


def _table(states: tuple[DeviceState, ...]) -> Table:
    table = Table(box=None, padding=(0, 3, 0, 0))
    for heading in ("device", "serial", "takes", "state", "what to do"):
        table.add_column(heading)
    for state in states:
        told = str(state.trouble) if state.trouble else ""
        table.add_row(state.name, state.serial, state.modality, state.health, told)
    return table


def _to_map(state: DeviceState) -> dict[str, str]:
    trouble = {"error": state.trouble.code, "said": str(state.trouble)} if state.trouble else {}
    return {
        "key": state.key,
        "name": state.name,
        "serial": state.serial,
        "takes": state.modality,
        "health": state.health,
        **trouble,
    }
