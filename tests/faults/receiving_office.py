"""Run as a program: an office that takes packets in over HTTP, on a folder, a port and a database of the caller's.

`python receiving_office.py FOLDER PORT DSN PATIENCE`: so many seconds it waits for a connection to its database, which
is another process, so that what is done to this one's system calls is not done to PostgreSQL.
"""

import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from exchange_examples import ROOT, inbox
from rekam.exchange.admission import stations_of
from rekam.exchange.http import exchange_router
from rekam.exchange.pg.outbox import enqueue
from rekam.exchange.pg.register import PgRegister
from rekam.exchange.remote import LocalRemote
from rekam.storage.pool import connect_pool


def main(folder: Path, port: int, dsn: str, patience_s: float) -> None:
    pool = connect_pool(dsn)
    pool.timeout = patience_s
    register = PgRegister(pool, lambda tx, arrival: enqueue(tx, arrival.packet_id))
    app = FastAPI()
    local = LocalRemote(inbox(folder / "blobs", register))
    app.include_router(exchange_router(local, place="3174", root=ROOT, may_send=stations_of("3174")))
    uvicorn.run(app, port=port, log_level="error", lifespan="off")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], float(sys.argv[4]))
