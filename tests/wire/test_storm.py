"""A short storm: nothing lost, nothing twice. The long one: `make test-all`."""

from pathlib import Path

from tests.wire.storm import storm


async def test_kills_and_faults_neither_lose_nor_double_a_post(tmp_path: Path) -> None:
    found = await storm(7, tmp_path, servers=18, kills=3, spread=8, most_seconds=60)
    log = (tmp_path / "log.txt").read_text("utf-8")
    assert (found.lost, found.doubled) == ([], []), log[-3000:]
    assert sum(found.happened.values()) >= found.servers - 3  # what was claimed long ago and arrived is not sent again
