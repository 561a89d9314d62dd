import json
import os
import subprocess
import sys

import pytest

from rekam.storage.errors import FolderFromNewerVersion, FolderInUse, FolderOfAnotherPlace
from rekam.storage.folder import LAYOUT, DataFolder

HOLD = "import sys, pathlib; from rekam.storage.folder import DataFolder\nheld = DataFolder(pathlib.Path(sys.argv[1]), 'office'); print('held', flush=True); sys.stdin.read()"


def test_a_folder_is_made_for_this_user_alone_and_opens_again(tmp_path):
    for _ in range(2):
        with DataFolder(tmp_path / "data" / "office", "office") as folder:
            assert folder.sub("blobs").is_dir()
    assert (tmp_path / "data" / "office").stat().st_mode & 0o077 == 0


def test_a_second_process_is_told_who_holds_the_folder_and_gets_it_when_that_one_is_killed(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(FolderInUse, match=str(holder.pid)):
            DataFolder(tmp_path, "office")
        holder.kill()
    with DataFolder(tmp_path, "office"):
        assert (tmp_path / "process.lock").read_text() == str(os.getpid())


def test_a_newer_layout_is_refused_and_left_alone(tmp_path):
    DataFolder(tmp_path, "office").close()
    marker = tmp_path / "rekam.json"
    marker.write_text(json.dumps({"place": "office", "layout": LAYOUT + 1}))
    before = marker.read_bytes()
    with pytest.raises(FolderFromNewerVersion):
        DataFolder(tmp_path, "office")
    assert marker.read_bytes() == before


def test_another_places_folder_is_refused(tmp_path):
    DataFolder(tmp_path, "office").close()
    with pytest.raises(FolderOfAnotherPlace, match='belongs to "office", not to "centre"'):
        DataFolder(tmp_path, "centre")
    DataFolder(tmp_path, "office").close()
