"""Mails as clerks write them, made up by somebody who had not seen the program, with what an office would want."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.office import write_configuration
from tests.samples.expecting import differences
from tests.samples.mails import OFFICE, raw_mail

from mailbot.app import App
from mailbot.cli.views import explained
from mailbot.clock import SetClock
from mailbot.domain.moments import shanghai
from mailbot.reading.reader import SandboxedReader
from mailbot.settings import Security, Server
from mailbot.stages.explaining import explain_all

FOLDER = Path(__file__).parent
ARRIVED = "2021-04-22T15:20"
ADDRESSES: dict[str, tuple[str, ...]] = yaml.safe_load((FOLDER / "addresses.yaml").read_text("utf-8"))
SAMPLES: dict[str, dict[str, Any]] = {
    f"{file.stem}: {sample['name']}": sample
    for file in sorted(FOLDER.glob("*.yaml"))
    if file.stem != "addresses"
    for sample in yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> App:
    server = Server("127.0.0.1", 1, Security.PLAIN, OFFICE)
    config = write_configuration(tmp_path_factory.mktemp("office"), server, server, addresses=ADDRESSES)
    return App.with_settings(config, SetClock(shanghai(ARRIVED)), {})


def explain(sample: dict[str, Any], folder: Path, office: App, reader: SandboxedReader) -> dict[str, Any]:
    """Return what `mailbot explain` says of a sample."""
    arrived = shanghai(sample.get("arrived", ARRIVED))
    path = folder / "sample.eml"
    path.write_bytes(raw_mail(sample, arrived))
    ((_, _, decision),) = explain_all(path, office.desk(), office.own_addresses, reader, lambda *_: None, arrived)
    return explained("sample.eml", arrived, decision)


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_it_is_understood_as_an_office_would(
    sample: dict[str, Any], tmp_path: Path, office: App, reader: SandboxedReader
) -> None:
    told = explain(sample, tmp_path, office, reader)

    found = differences(sample["expect"], told)
    sums = [f"{key}: {told[key]}" for key in ("kind", "decision", "units", "periods", "may_reply", "problems")]
    assert not found, "\n".join([sample["name"], *found, "", "In all:", *sums])


def test_no_sample_stands_twice() -> None:
    names = [
        f"{file.stem}: {line.removeprefix('- name: ').strip()}"
        for file in FOLDER.glob("*.yaml")
        for line in file.read_text("utf-8").splitlines()
        if line.startswith("- name: ")
    ]

    assert len(names) == len(SAMPLES) > 300
