"""Words that name no other business: empty ones, dates, units, persons, and those of the unit's own tasks."""

from __future__ import annotations

import re

from mailbot.chinese.fold import fold
from mailbot.chinese.periods import without_dates
from mailbot.domain.notice import Task
from mailbot.matching.case import Case
from mailbot.matching.likeness import covered
from mailbot.matching.tasks import rating

_GENERIC = re.compile(
    r"附件|材料|文件|请查收|查收|资料|无主题|你好|您好|领导|谢谢|发送|转发|回复|新建|文档|工作簿|表格|[\W\da-zA-Z_]+"
    r"|关于|重点|任务|民生|实事|工作|进展|推进|完成|落实|情况|报告|汇报|月报|报表|报送|上报|补报|报来|台账|统计|汇总"
    r"|未命名|微信|手机|截屏|因故|迟报|晚报|逾期|延误|现将|这是|抱歉|补充|补|政府|督查室?|办公室|惠民|工程|进度|分解|老师|全能王"
    r"|加?盖章|加盖|公章|红头|扫描|签章|电子|纸质|版本?|更正|修改|最终|最新|定稿|正式|重报|零报告|无变化|照片|图片|年度|本月|上月|区"
    r"|审阅|局长|签[字名批发]|主要|分管|审签|[有带]章|事项|反馈|原件|复印|拍[照摄]|现场|月度|当月|[副正]本|合并|打印|明细|清单|一览|牵头|修订|正确|再次|重发|首页|封面|开展|说明|第[一二三四五]次"
    r"|郑州市?|中原|我局|我委|我办|我单位|单位|的|件|表|稿|份|版|改(?!扩)|新(?![建增投开])|报|附"
)
# A person's name, but none with a surname that begins words of business: 许可, 胡同, 何时, 夏令营, 杨树, 张贴.
_PERSON = re.compile(
    r"(?![杨张陈][柳树贴榜列述])[王李张刘陈杨赵吴徐孙朱郭梁宋唐韩冯邓曹彭袁潘蒋蔡苏魏吕丁沈姚卢姜崔谭汪廖贾韦邹孟秦邱薛闫侯黎郝龚邵尹]"
    r"(?:[\u4e00-\u9fff]{1,2}|科长|主任|局长|同志)"
)
_OF_ITS_OWN = re.compile(r"(?<=..)(?:项目)?建设(?:项目)?$|(?<=..)项目$")  # 学校建设, 学位项目
_SAID_FOR = {"学校": "中小学"}  # what people say, and the word that the notice has for it
_FITS = 0.65
_ALL_BUT_ALL = 0.85
_LONGEST_NAME = 4


def names_nothing_else(case: Case, names: str) -> bool:
    """Tell whether names speak of no other matter than a task's: units, months, empty words aside."""
    names = names[:500]
    for mention in case.names.mentions(names):
        names = names.replace(mention.quote, "")
    left = [word for word in _GENERIC.sub(" ", without_dates(names)).split() if len(word) > 1]
    own = own_tasks(case)
    return all(_is_a_person(case, word) or any(_is_of(task, word) for task in own) for word in left)


def _is_a_person(case: Case, word: str) -> bool:
    """Tell whether a word is the sender's own name, or such as only a person's is."""
    return bool(_PERSON.fullmatch(word)) or (len(word) <= _LONGEST_NAME and word == fold(case.mail.sender.name))


def _is_of(task: Task, word: str) -> bool:
    """Tell whether a word is a task's: it stands in its text, or fits what it is known by (新增学位, 学校建设)."""
    plain = _OF_ITS_OWN.sub("", word)
    plain = _SAID_FOR.get(plain, plain)
    return covered(plain, task.text) >= _ALL_BUT_ALL or rating(task, (plain,)) >= _FITS


def own_tasks(case: Case) -> tuple[Task, ...]:
    """Return the tasks of the units that the address is bound to, all of them where that tells none."""
    every = tuple(task for notice in case.situation.notices for task in notice.tasks)
    return tuple(task for task in every if set(task.lead_units) & set(case.bound)) or every
