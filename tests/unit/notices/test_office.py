from pathlib import Path

from tests.unit.notices.office_files import HOLIDAYS, NOTICE, UNITS, mistakes, put, replaced

from mailbot.notices import load_all


def test_the_office_is_what_its_files_say(tmp_path: Path) -> None:
    office = load_all(put(tmp_path))

    assert office.notices[0].lead_units() == ("区教育局",)
    assert office.directory.unit("区财政局")
    assert office.calendar.years == {2021}


def test_the_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    files = put(
        tmp_path,
        units=replaced(UNITS, "ZhangSan@example.com", "ZhangSan"),
        holidays=replaced(HOLIDAYS, "2021-04-25", "2021-04-31"),
        notice=replaced(replaced(NOTICE, "[区教育局]", "[区教体局]"), "day: 25", "day: 0"),
    )

    found = {(Path(str(p.place.file)).name, p.place.line, p.code) for p in mistakes(lambda: load_all(files))}

    assert found == {
        ("units.yaml", 4, "wrong_value"),
        ("holidays.yaml", 3, "wrong_value"),
        ("n.yaml", 11, "out_of_range"),
        ("n.yaml", 16, "unknown_unit"),
    }


def test_what_an_editor_leaves_beside_a_notice_while_it_works_is_none(tmp_path: Path) -> None:
    files = put(tmp_path)
    (files.notices / ".#n.yaml").symlink_to("somebody@host.42")

    assert len(load_all(files).notices) == 1


def test_files_that_are_not_there_are_all_told(tmp_path: Path) -> None:
    files = put(tmp_path)
    for path in (files.units, files.holidays, files.notices / "n.yaml"):
        path.unlink()

    assert [problem.code for problem in mistakes(lambda: load_all(files))] == ["file_missing"] * 3


def test_a_lead_unit_by_its_alias_is_told_with_its_canonical_name(tmp_path: Path) -> None:
    files = put(tmp_path, notice=replaced(NOTICE, "[区教育局]", "[区教体局]"))

    (problem,) = mistakes(lambda: load_all(files))

    assert "请写正式名称“区教育局”" in problem.text


def test_a_lead_unit_nobody_knows_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    near = put(tmp_path, notice=replaced(NOTICE, "[区教育局]", "[区教育]"))
    assert "想写的是不是“区教育局”" in mistakes(lambda: load_all(near))[0].text

    far = put(tmp_path, notice=replaced(NOTICE, "[区教育局]", "[档案馆]"))
    assert "请先写入 units.yaml" in mistakes(lambda: load_all(far))[0].text


def test_the_same_notice_in_two_files_is_told(tmp_path: Path) -> None:
    files = put(tmp_path)
    (files.notices / "o.yml").write_text(NOTICE, encoding="utf-8")

    (problem,) = mistakes(lambda: load_all(files))

    assert (problem.code, problem.place.line) == ("notice_twice", 1)


def test_the_mailbox_itself_is_bound_to_no_unit(tmp_path: Path) -> None:
    files = put(tmp_path, units=replaced(UNITS, "ZhangSan@example.com", "Office@example.com"))

    (problem,) = mistakes(lambda: load_all(files))

    assert (problem.code, problem.place.line) == ("own_mailbox", 4)
