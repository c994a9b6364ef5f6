"""Whether files are read as people save them, and refused with one clear sentence where they cannot be."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.lib import csv_files
from directory.lib.csv_files import UnreadableFile, new_file, open_csv

TEXT = "Name,Town,Note\r\nZoë Quill,Brighton,£50\r\n"


def read(path: Path, content: bytes) -> tuple[csv_files.CsvFile, list[csv_files.Row]]:
    path.write_bytes(content)
    file = open_csv(path)
    return file, list(file.rows())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "people.csv"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "iso-8859-1"]
)
def test_a_file_is_read_in_any_usual_encoding(path: Path, encoding: str) -> None:
    file, rows = read(path, TEXT.encode(encoding))
    assert file.columns == ["Name", "Town", "Note"]
    assert rows == [(2, ["Zoë Quill", "Brighton", "£50"])]
    assert bool(file.notes) == (encoding in {"cp1252", "iso-8859-1"})


def test_a_guess_at_the_encoding_shows_a_word_to_check(path: Path) -> None:
    file, _ = read(path, TEXT.encode("cp1252"))
    assert file.notes[0].values["example"] == "Zoë"


def test_a_long_file_is_judged_by_its_first_part(path: Path) -> None:
    file, rows = read(path, ("Name,Town\n" + "Zoë Quillsby of Hove,Hove\n" * 4_000).encode("cp1252"))
    assert (file.encoding, len(rows)) == ("cp1252", 4_000)


def test_letters_that_are_not_western_are_guessed_by_frequency(path: Path) -> None:
    words = "Имя,Город\r\n" + "Иванова Мария Петровна,Москва\r\n" * 30
    file, rows = read(path, words.encode("cp1251"))
    assert file.columns == ["Имя", "Город"]
    assert rows[0].cells == ["Иванова Мария Петровна", "Москва"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_out(path: Path, separator: str) -> None:
    lines = [
        "Name;Price, in pounds;Town".replace(";", separator) if separator != "," else 'Name,"Price, in pounds",Town'
    ]
    lines += [separator.join(["Wren", '"45,00"', "Hove"])] * 3
    file, rows = read(path, "\n".join(lines).encode())
    assert file.separator == separator
    assert file.columns == ["Name", "Price, in pounds", "Town"]
    assert rows[0].cells == ["Wren", "45,00", "Hove"]


def test_a_list_inside_a_cell_does_not_pass_for_columns(path: Path) -> None:
    file, _ = read(path, b"Name,Town,Therapies\nWren,Hove," + b"Shiatsu; " * 20 + b"Reiki\n")
    assert file.columns == ["Name", "Town", "Therapies"]


def test_a_line_that_says_the_separator_is_believed(path: Path) -> None:
    file, rows = read(path, b"sep=;\r\nName;Town\r\nWren;Hove\r\n")
    assert (file.separator, file.columns, rows) == (";", ["Name", "Town"], [(3, ["Wren", "Hove"])])


def test_a_file_with_one_column_is_read(path: Path) -> None:
    file, rows = read(path, b"Name\nWren\n")
    assert (file.columns, rows) == (["Name"], [(2, ["Wren"])])


def test_line_numbers_are_those_of_the_file(path: Path) -> None:
    _, rows = read(path, b'\n\nName,Note\r\n\r\nWren,"one\ntwo\n\nthree"\r\n,,\nAsh,x\rIda,y')
    assert [(row.line, row.cells[0]) for row in rows] == [(5, "Wren"), (10, "Ash"), (11, "Ida")]


def test_a_title_above_the_headings_is_passed_over(path: Path) -> None:
    file, rows = read(path, b"Our practitioners 2026,,,\n\nName,Town,Price,Note\nWren,Hove,45,x\n")
    assert file.columns == ["Name", "Town", "Price", "Note"]
    assert [note.values for note in file.notes] == [{"line": 1}]
    assert len(rows) == 1


def test_columns_without_a_name_or_with_the_same_name_are_told_apart(path: Path) -> None:
    file, _ = read(path, b"\xef\xbb\xbfE-mail,,e-mail,E-mail,,,\na,b,c,d\n")
    assert file.columns == ["E-mail", "(column B)", "e-mail", "E-mail (2)"]


def test_a_column_far_to_the_right_has_two_letters(path: Path) -> None:
    heading = ",".join(["Name", *[f"C{n}" for n in range(25)], "", "Last"])
    file, _ = read(path, heading.encode() + b"\n" + b"x," * 27 + b"x\n")
    assert file.columns[26] == "(column AA)"


def test_headings_in_the_middle_are_known(path: Path) -> None:
    file, rows = read(path, b"Name,Town\nWren,Hove\n Name,Town ,\nAsh,Hove\n")
    assert [file.repeats_headings(row) for row in rows] == [False, True, False]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \r\n,,\r\n", "empty"),
        (b"PK\x03\x04whatever", "save it as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"<!DOCTYPE html><table>", "web page"),
        (b"Name,Town\nWr\x00en,Hove\n", "Line 2: there is a NUL"),
        (b'Name,Town\nWren,Hove\nAsh,"Hove\nIda,Hove\n', "Line 3: a quotation mark"),
        (b'Name,Town\nWren,"' + b"Hove\n" * 600 + b'"\n', "Line 2: a quotation mark"),
        (b'Name,Town\nWren,"' + b"Hove " * 40_000 + b'"\n', "Line 2: a quotation mark"),
        (b"Name,Town\n" + b"a," * 60 + b"b\n", "more than 50 columns"),
        (b"\xff\xfeN\x00a", "cannot be read as utf-16"),
        (bytes(range(1, 32)) * 10 + b"\xff", "not a text file"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(path: Path, content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        read(path, content)


def test_an_encoding_that_breaks_off_is_refused(path: Path) -> None:
    path.write_bytes("Näme,Town\nx,y\n".encode("cp1252"))
    with pytest.raises(UnreadableFile, match="cannot be read as utf-8"):
        open_csv(path, encoding="utf-8")


def test_an_encoding_that_breaks_off_far_down_is_refused_when_it_is_met(path: Path) -> None:
    path.write_bytes(b"Name,Town\n" + b"Wren,Hove\n" * 20_000 + "Zoë,Hove\n".encode("cp1252"))
    file = open_csv(path, encoding="utf-8")
    with pytest.raises(UnreadableFile, match="cannot be read as utf-8"):
        list(file.rows())
    assert open_csv(path).encoding == "cp1252"


def test_letters_of_no_known_encoding_are_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableFile, match="encoding of the file cannot be told"):
        read(path, bytes(range(128, 256)) * 3)


def test_what_an_operator_insists_on_is_not_guessed(path: Path) -> None:
    path.write_bytes("Name;Town\nЯна;Hove\n".encode("koi8-r"))
    file = open_csv(path, encoding="koi8-r", separator=";")
    assert next(file.rows()).cells == ["Яна", "Hove"]
    with pytest.raises(UnreadableFile, match="no encoding called “klingon”"):
        open_csv(path, encoding="klingon")
    with pytest.raises(UnreadableFile, match="no encoding called “base64”"):
        open_csv(path, encoding="base64")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be opened: No such file"):
        open_csv(tmp_path / "nobody.csv")
    with pytest.raises(UnreadableFile, match="cannot be opened: Is a directory"):
        open_csv(tmp_path)


def test_a_file_that_is_too_large_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_files, "MAX_BYTES", 10)
    with pytest.raises(UnreadableFile, match="larger than"):
        read(path, b"Name,Town\nWren,Hove\n")


def test_a_file_with_too_many_rows_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_files, "MAX_ROWS", 2)
    assert len(read(path, b"Name\na\nb\n")[1]) == 2
    with pytest.raises(UnreadableFile, match="more than 2 rows"):
        read(path, b"Name\na\nb\nc\n")


@settings(max_examples=150)
@given(st.one_of(st.binary(max_size=300), st.text(alphabet='ab,;"\n\r\t|é=', max_size=120).map(str.encode)))
def test_whatever_is_in_a_file_only_the_one_error_comes_of_it(path: Path, content: bytes) -> None:
    try:
        file, rows = read(path, content)
    except UnreadableFile:
        pass
    else:
        assert len(file.columns) == len(set(file.columns))
        assert [row.line for row in rows] == sorted({row.line for row in rows})


cells = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


@settings(max_examples=80)
@given(
    rows=st.lists(st.lists(cells, min_size=3, max_size=3), max_size=5),
    separator=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_a_spreadsheet_program_writes_is_read_again(
    path: Path, rows: list[list[str]], separator: str, encoding: str
) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL)
        writer.writerows([["Full name", "Home town", "E-mail"], *rows])
    found = [row.cells for row in open_csv(path, separator=separator).rows()]
    assert found == [row for row in rows if any(cell.strip() for cell in row)]


def test_a_report_opens_well_and_is_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    with new_file(path, ["line", "given"]) as write:
        write((2, "=1+1"))
        write((3, "+44 1273"))
        write(("", "Zoë"))
    assert path.read_bytes().decode("utf-8-sig").splitlines() == ["line,given", "2,'=1+1", "3,'+44 1273", ",Zoë"]
    assert path.stat().st_mode & 0o077 == 0


def test_a_report_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def break_off() -> None:
        with new_file(tmp_path / "report.csv", ["line"]) as write:
            write((1,))
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    assert list(tmp_path.iterdir()) == []
