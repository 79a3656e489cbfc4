from mailbot.data import shipped


def test_the_shipped_files_are_found_in_the_checkout() -> None:
    assert (shipped("config") / "mailbot.toml").is_file()
    assert shipped("templates").is_dir()
