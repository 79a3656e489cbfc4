"""What the district's lead units might report of their tasks: invented numbers of a district's size, never the city's.

Which unit leads which task is the notice's (中原政办〔2021〕8号); every number and sentence here is made up.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from mailbot.domain.period import Period


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing counted in a task: what, how many the district means to reach in the year, in what."""

    what: str
    year: float
    unit_of_measure: str


@dataclass(frozen=True, slots=True)
class DistrictTask:
    """A task as a unit words it in its own table: shortened, with what is counted, if anything."""

    number: int
    text: str
    measures: tuple[Measure, ...]
    progress: str
    difficulties: str = "无"
    next_steps: str = "按序时进度推进。"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a progress table. Numbers are None where the task counts nothing."""

    task: int
    text: str
    what: str
    target: float | None
    monthly: float | None
    cumulative: float | None
    unit_of_measure: str
    progress: str
    difficulties: str
    next_steps: str


TASKS: tuple[DistrictTask, ...] = (
    DistrictTask(
        1,
        "新增城镇就业、农村劳动力转移就业",
        (Measure("新增城镇就业", 1.2, "万人"), Measure("农村劳动力转移就业", 1600, "人")),
        "举办线上线下招聘会，走访企业，落实稳岗补贴。",
        next_steps="继续开展职业技能培训，办好五月专场招聘会。",
    ),
    DistrictTask(
        2,
        "新开工、建成安置房，分配公租房",
        (Measure("新开工安置房", 960, "套"), Measure("建成安置房", 2400, "套"), Measure("分配公租房", 420, "套")),
        "在建项目主体施工，公租房完成资格复核。",
        "个别地块征迁滞后。",
    ),
    DistrictTask(3, "回迁安置群众", (Measure("回迁安置群众", 6200, "人"),), "已组织选房，回迁手续正在办理。"),
    DistrictTask(
        4,
        "既有住宅加装电梯",
        (Measure("加装电梯", 24, "部"),),
        "完成入户征求意见，正在办理施工图审查。",
        "部分低层住户意见不一。",
        "会同街道办事处做好协调。",
    ),
    DistrictTask(5, "新建公共停车泊位", (Measure("新建公共停车泊位", 3200, "个"),), "利用边角地块建设，正按序时推进。"),
    DistrictTask(6, "完善智慧停车管理系统", (), "系统运行正常，持续推广“郑好办”停车服务。"),
    DistrictTask(
        7,
        "建设智慧停车高位视频设备",
        (Measure("覆盖道路内停车泊位", 1500, "个"),),
        "点位勘察完成，设备安装中。",
    ),
    DistrictTask(8, "路内泊位及经营性停车场接入智慧停车管理系统", (), "符合条件的停车场正在逐家对接。"),
    DistrictTask(9, "完成机动车停放差异化收费调整", (), "收费方案已征求意见，正在履行定价程序。"),
    DistrictTask(
        10,
        "新建、改扩建及新投入使用中小学，新增学位",
        (
            Measure("新建、改扩建中小学", 3, "所"),
            Measure("新投入使用中小学", 4, "所"),
            Measure("新增中小学学位", 4050, "个"),
        ),
        "一所学校投入使用，在建项目正在进行装饰装修。",
        next_steps="倒排工期，确保秋季开学投入使用。",
    ),
    DistrictTask(
        11,
        "免费宫颈癌、乳腺癌筛查",
        (Measure("宫颈癌筛查", 4500, "人"), Measure("乳腺癌筛查", 4500, "人")),
        "各社区卫生服务中心有序开展筛查。",
    ),
    DistrictTask(12, "新生儿免费筛查", (), "辖区助产机构均已开展，做到应筛尽筛。"),
    DistrictTask(13, "孕妇免费产前筛查", (), "筛查服务正常开展，高危对象已转诊。"),
    DistrictTask(
        14, "脑卒中危险因素筛查", (Measure("脑卒中危险因素筛查", 4000, "人"),), "完成人员培训，正在组织筛查。"
    ),
    DistrictTask(15, "肺癌早期筛查", (Measure("肺癌早期筛查", 4000, "人"),), "完成人员培训，正在组织筛查。"),
    DistrictTask(
        16,
        "基层诊所（卫生所）建成标准化药房",
        (Measure("建成标准化药房", 18, "家"),),
        "已确定名单并开展现场指导。",
    ),
    DistrictTask(17, "打通断头路", (Measure("打通断头路", 5, "条"),), "一条道路建成通车，其余正在施工。"),
    DistrictTask(
        18,
        "更新全民健身路径，新增智能健身驿站、多功能运动场",
        (
            Measure("更新全民健身路径", 36, "条"),
            Measure("新增智能健身驿站", 3, "个"),
            Measure("新增多功能运动场", 2, "个"),
        ),
        "选址全部完成，器材陆续安装。",
    ),
    DistrictTask(
        19, "“舞台艺术进乡村、进社区”文艺演出", (Measure("文艺演出活动", 96, "场"),), "结合疫情防控情况有序开展。"
    ),
    DistrictTask(20, "精品剧目演出", (Measure("精品剧目演出", 3, "场"),), "已演出一场，其余剧目正在排练。"),
    DistrictTask(23, "政务服务场所适老化改造，帮办代办", (), "大厅增设老年人专窗，帮办代办队伍已到位。"),
    DistrictTask(24, "残疾儿童康复救助", (Measure("0—14岁残疾儿童康复救助", 130, "名"),), "定点机构康复训练正常开展。"),
    DistrictTask(
        25,
        "为视力、听力、言语残疾人发放通讯信息消费补贴",
        (Measure("发放通讯信息消费补贴", 2300, "名"),),
        "正在核对人员信息。",
    ),
    DistrictTask(
        26,
        "新建绿地、公园游园",
        (Measure("新建绿地", 42.5, "万平方米"), Measure("新建公园游园", 9, "个")),
        "春季绿化基本完成，游园正在建设。",
    ),
)

TASKS_OF: dict[str, tuple[int, ...]] = {
    "区人社局": (1,),
    "区城市更新发展中心": (2, 3),
    "区房管局": (2, 4),
    "区城建局": (5, 17),
    "区政务办（区大数据局）": (6, 7, 23),
    "区城管局": (6, 7, 8, 9, 26),
    "区发改委": (9,),
    "区教育局": (10,),
    "区卫健委": (11, 12, 13, 14, 15),
    "区市场监管局": (16,),
    "区文旅体局": (18, 19, 20),
    "区残联": (24, 25),
}


def rows_of(unit: str, period: Period) -> tuple[Row, ...]:
    """Return what a unit reports for a month, a line for each thing counted; the same each time.

    >>> [(row.what, row.cumulative, row.unit_of_measure) for row in rows_of("区教育局", Period(2021, 4))]
    [('新建、改扩建中小学', 1, '所'), ('新投入使用中小学', 1, '所'), ('新增中小学学位', 1327, '个')]
    """
    tasks = [task for task in TASKS if task.number in TASKS_OF[unit]]
    return tuple(row for task in tasks for row in _rows(unit, task, period))


def _rows(unit: str, task: DistrictTask, period: Period) -> list[Row]:
    words = (task.progress, task.difficulties, task.next_steps)
    if not task.measures:
        return [Row(task.number, task.text, "", None, None, None, "", *words)]
    return [_row(unit, task, measure, period) for measure in task.measures]


def _row(unit: str, task: DistrictTask, measure: Measure, period: Period) -> Row:
    pace = random.Random(f"{unit} {measure.what}").uniform(0.8, 1.1)  # noqa: S311 - numbers of a play, not a secret
    done = [_rounded(measure, measure.year * pace * month / 12) for month in (period.month - 1, period.month)]
    return Row(
        task=task.number,
        text=task.text,
        what=measure.what,
        target=measure.year,
        monthly=round(done[1] - done[0], 2),
        cumulative=done[1],
        unit_of_measure=measure.unit_of_measure,
        progress=task.progress,
        difficulties=task.difficulties,
        next_steps=task.next_steps,
    )


def _rounded(measure: Measure, value: float) -> float:
    """Return a whole number, or two decimals where the measure is in tens of thousands."""
    return round(value, 2) if measure.unit_of_measure.startswith("万") else round(value)
