"""Colleagues from a CSV list, as people really export them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.counterpart import CrmRecord
from app.errors import AppError, Detail, ErrorCode
from app.words import sentence
from crm.directory.csv_list import MOST_BYTES, CsvDirectory


def nowhere(url: str, most: int) -> bytes:
    raise AssertionError("nothing is fetched")


def read(tmp_path: Path, content: bytes) -> list[CrmRecord]:
    file = tmp_path / "list.csv"
    file.write_bytes(content)
    return list(CsvDirectory(str(file), nowhere).read())


def refused(tmp_path: Path, content: bytes) -> str:
    with pytest.raises(AppError) as caught:
        read(tmp_path, content)
    assert caught.value.code is ErrorCode.DIRECTORY_UNREADABLE
    return sentence(caught.value).removeprefix("The company directory cannot be read: ").split(". ")[0]


def test_columns_in_any_order_under_their_usual_names(tmp_path: Path) -> None:
    head = "Ext,E-Mail,Display Name,Department,Job Title,Mobile Phone"
    (ana,) = read(tmp_path, f"{head}\n214,ana@x.example,Ana Flores,Sales,Manager,+1 415 555 0142\n".encode())
    assert (ana.name, ana.title, ana.department, ana.email) == ("Ana Flores", "Manager", "Sales", "ana@x.example")
    assert (ana.extension, ana.phones) == ("214", (("Mobile", "+1 415 555 0142"), ("Extension", "214")))
    assert ana.is_colleague


def test_first_and_last_name_make_a_name(tmp_path: Path) -> None:
    assert [row.name for row in read(tmp_path, b"Last Name;First Name;Phone\nFlores;Ana;214\n")] == ["Ana Flores"]


def test_excel_writes_a_mark_before_the_text_and_semicolons(tmp_path: Path) -> None:
    content = '\ufeffName;Phone\r\n"Müller; Jürgen";+49 30 123456\r\n'.encode()
    (one,) = read(tmp_path, content)
    assert (one.name, one.phones) == ("Müller; Jürgen", (("Phone", "+49 30 123456"),))


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_a_japanese_list(tmp_path: Path, encoding: str) -> None:
    content = "氏名,内線,部署\n田中 花子,1203,営業部\n".encode(encoding)
    (one,) = read(tmp_path, content)
    assert (one.name, one.department, one.extension) == ("田中 花子", "営業部", "1203")


def test_who_cannot_be_reached_or_has_no_name_is_left_out(tmp_path: Path) -> None:
    content = b"name,phone,email\nNobody,,\n,214,\nAna,214,\nBo,,bo@x.example\nShort\n"
    assert [row.name for row in read(tmp_path, content)] == ["Ana", "Bo"]


def test_control_characters_and_endless_names_are_tamed(tmp_path: Path) -> None:
    content = b'name,phone\n"Ev\x07il\nname' + b"x" * 5000 + b'",214\n'
    name = read(tmp_path, content)[0].name
    assert name.startswith("Ev il name")
    assert len(name) == 200


def test_the_same_person_twice_is_one(tmp_path: Path) -> None:
    content = b"name,email,phone\nAna,ana@x.example,214\nAna Flores,ana@x.example,215\n"
    assert [row.name for row in read(tmp_path, content)] == ["Ana Flores"]


def test_ids_stay_the_same_when_the_number_changes(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    ids = []
    for number in ("214", "215"):
        file.write_text(f"name,email,phone\nAna,ana@x.example,{number}\n")
        ids.append(CsvDirectory(str(file), nowhere).read()[0].ref)
    assert ids[0] == ids[1]


def test_what_is_no_list_is_said(tmp_path: Path) -> None:
    assert "“name”" in refused(tmp_path, b"a,b\n1,2\n")
    assert "“name”" in refused(tmp_path, b"")
    assert refused(tmp_path, b'name,phone\n"Ana,214\n') == "it is no CSV list"
    assert "too large" in refused(tmp_path, b"x" * (MOST_BYTES + 1))
    with pytest.raises(AppError) as caught:
        CsvDirectory(str(tmp_path / "away.csv"), nowhere).read()
    assert caught.value.values["detail"] is Detail.NO_SUCH_FILE


def test_an_address_is_fetched(tmp_path: Path) -> None:
    asked: list[str] = []

    def fetch(url: str, most: int) -> bytes:
        asked.append(url)
        return b"name,phone\nAna,214\n"

    assert CsvDirectory("https://intranet.example/list.csv", fetch).read()[0].name == "Ana"
    assert asked == ["https://intranet.example/list.csv"]


def test_an_address_that_fails_says_why() -> None:
    def fetch(url: str, most: int) -> bytes:
        raise AppError(ErrorCode.DOWNLOAD_FAILED, detail=Detail.SERVER_ANSWERED, status=404)

    with pytest.raises(AppError) as caught:
        CsvDirectory("https://intranet.example/list.csv", fetch).read()
    said = "The company directory cannot be read: the server answered 404. Colleagues stay as they were."
    assert sentence(caught.value) == said
