"""The shipped notice and unit list, as far as matching rests on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailbot.chinese.names import District, name_book
from mailbot.domain.notice import Notice, Task
from mailbot.domain.unit import Unit
from mailbot.matching.rows import Row
from mailbot.matching.tasks import match_rows, match_target
from mailbot.notices import load_directory, load_notices

CONFIG = Path(__file__).parents[3] / "config"


def shipped_notice() -> Notice:
    (notice,) = load_notices(CONFIG / "notices")
    return notice


def shipped_units() -> tuple[Unit, ...]:
    return load_directory(CONFIG / "units.yaml").units


NOTICE, UNITS = shipped_notice(), shipped_units()
DISTRICT = District.of_issuer(NOTICE.issuer)


def test_the_issuer_tells_the_district() -> None:
    assert District("郑州市", "中原区") == DISTRICT


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_every_name_of_a_unit_means_that_unit(unit: Unit) -> None:
    book = name_book(UNITS, DISTRICT)

    for name in filter(None, (unit.name, unit.full_name, *unit.aliases)):
        assert [(m.unit, m.certainty) for m in book.mentions(f"填报单位：{name}")] == [(unit.name, 1.0)], name


@pytest.mark.parametrize("task", NOTICE.tasks, ids=lambda task: str(task.number))
def test_every_task_is_known_by_its_own_words_among_all(task: Task) -> None:
    for words in (task.text, *(target.what for target in task.targets), *task.qualitative):
        assert match_rows([Row(None, (words,), ())], NOTICE.tasks) == (task,), words


@pytest.mark.parametrize("task", NOTICE.tasks, ids=lambda task: str(task.number))
def test_every_target_is_known_by_its_own_words(task: Task) -> None:
    for target in task.targets:
        assert match_target(task, "", (target.what,), target.unit_of_measure) is target


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "城镇新增就业人数"),
        (2, "安置房新开工"),
        (3, "群众回迁"),
        (4, "老旧小区加装电梯"),
        (5, "新建停车泊位"),
        (7, "高位视频设备建设"),
        (8, "经营性停车场接入"),
        (9, "停车差异化收费"),
        (10, "学位"),
        (10, "新建改扩建学校"),
        (11, "乳腺癌筛查"),
        (12, "新生儿疾病筛查"),
        (13, "孕妇产前筛查"),
        (14, "脑卒中"),
        (15, "肺癌筛查"),
        (16, "诊所标准化药房建设"),
        (17, "断头路"),
        (18, "智能健身驿站"),
        (19, "文艺演出"),
        (20, "精品剧目"),
        (23, "适老化改造"),
        (24, "残疾儿童康复"),
        (25, "通讯补贴"),
        (26, "新建绿地"),
    ],
)
def test_a_unit_may_shorten_its_tasks(number: int, words: str) -> None:
    task = NOTICE.task(number)

    assert task
    for unit in task.lead_units:
        assert match_rows([Row(None, (words,), ())], NOTICE.tasks_of(unit)) == (task,)
