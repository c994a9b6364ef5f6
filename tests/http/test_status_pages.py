"""Whether operators can tell that the site is well."""

from tests.pages import Visitor


def test_the_process_answers(visitor: Visitor) -> None:
    assert visitor.raw("/healthz").get_data() == b"ok\n"


def test_the_database_has_the_tables_of_this_version(visitor: Visitor) -> None:
    assert visitor.raw("/readyz").status_code == 200
