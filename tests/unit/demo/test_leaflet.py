"""The page on which the mails of a play are leafed through."""

from pathlib import Path

from tests.outgoing_builders import a_mail

from mailbot.demo.leaflet import write_index


def the_page(folder: Path, *mails: bytes) -> str:
    write_index(folder, mails)
    return (folder / "index.html").read_text("utf-8")


def test_it_names_each_mail_with_its_day_in_chinese_its_subject_and_to_whom(tmp_path: Path) -> None:
    page = the_page(tmp_path, a_mail().raw, a_mail(key="2", to="another@example.test").raw)

    assert page.count("4月22日 16:06") == 2
    assert page.count("【回执】2021年4月（区教育局）</span>") == 2
    assert "another@example.test" in page
    assert "Apr" not in page


def test_what_a_mail_says_does_nothing_in_the_page(tmp_path: Path) -> None:
    page = the_page(tmp_path, a_mail(body="<script>alert(1)</script>").raw)

    assert "<script>" not in page
    assert '<iframe sandbox loading="lazy" srcdoc="&lt;p&gt;' in page


def test_it_fetches_nothing_from_elsewhere(tmp_path: Path) -> None:
    page = the_page(tmp_path, a_mail().raw)

    assert "http" not in page
    assert "//" not in page
