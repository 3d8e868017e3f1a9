"""The steps give the very schema that a new file is made from, and an old file is copied before it climbs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection

from app.store import migrations, records, schema, upgrade
from app.store.database import Database, _engine
from tests.store.build import ANN, KEY, NUMBER, person


def tables(connection: Connection) -> dict[str, str]:
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: " ".join(sql.split()) for name, sql in rows}


def shape(connection: Connection) -> dict[str, object]:
    """Tables by what they hold: a column added later stands behind the keys in the text of a table."""
    found: dict[str, object] = {}
    for name, sql in tables(connection).items():
        if not sql.startswith("CREATE TABLE"):
            found[name] = sql
            continue
        columns = sorted(tuple(row[1:]) for row in connection.exec_driver_sql(f"PRAGMA table_xinfo({name})"))
        keys = sorted(tuple(row[2:]) for row in connection.exec_driver_sql(f"PRAGMA foreign_key_list({name})"))
        unique = sorted(tuple(row[1:]) for row in connection.exec_driver_sql(f"PRAGMA index_list({name})"))
        found[name] = (columns, keys, unique)
    return found


def test_the_migrations_give_the_very_same_schema(tmp_path: Path) -> None:
    climbed, built = _engine(tmp_path / "climbed.db", KEY), _engine(tmp_path / "built.db", KEY)
    with climbed.connect() as connection:
        migrations.climb(connection)
    with built.begin() as connection:
        upgrade.build(connection)
    with climbed.connect() as one, built.connect() as other:
        assert shape(one) == shape(other)
        assert upgrade.version(one, tmp_path) == upgrade.version(other, tmp_path) == schema.VERSIONS[-1]
    climbed.dispose()
    built.dispose()


def test_the_list_of_versions_is_the_chain_of_steps() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    steps = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(reversed([step.revision for step in steps])) == schema.VERSIONS


def test_a_step_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    engine = _engine(tmp_path / "old.db", KEY)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE meta (something)")
    with engine.connect() as connection, pytest.raises(Exception, match="already exists"):
        migrations.climb(connection)
    with engine.connect() as connection:
        assert list(tables(connection)) == ["meta"]
    engine.dispose()


def test_a_step_that_makes_a_table_anew_keeps_what_hangs_on_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database.open(path, KEY)
    with database.unit_of_work() as s:
        records.save_people(s, [person(ANN, "Ann", NUMBER)], "US")
    database.close()
    engine = _engine(path, KEY)

    def anew(config: object, target: str) -> None:
        made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'person'").scalar_one()
        connection.exec_driver_sql(made.replace("TABLE person", "TABLE other"))
        connection.exec_driver_sql("INSERT INTO other SELECT * FROM person")
        connection.exec_driver_sql("DROP TABLE person")
        connection.exec_driver_sql("ALTER TABLE other RENAME TO person")

    def orphan(config: object, target: str) -> None:
        connection.exec_driver_sql("DELETE FROM person")

    with engine.connect() as connection:
        monkeypatch.setattr(command, "upgrade", anew)
        migrations.climb(connection)
        monkeypatch.setattr(command, "upgrade", orphan)
        with pytest.raises(RuntimeError, match="without their parent"):
            migrations.climb(connection)
        for name in ("person", "person_phone"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() == 1
        connection.rollback()
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_an_older_file_is_copied_then_climbs(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Database.open(path, KEY).close()
    engine = _engine(path, KEY)
    with engine.begin() as connection:
        for name in [name for name in tables(connection) if name in schema.metadata.tables]:
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
        connection.exec_driver_sql("CREATE TABLE relic (a)")
        connection.exec_driver_sql("DELETE FROM alembic_version")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('0000')")
    engine.dispose()
    monkeypatch.setattr(upgrade, "VERSIONS", ("0000", *schema.VERSIONS))

    def climb(connection: Connection) -> None:
        # 0000 never existed: to Alembic the file is an empty one.
        with connection.begin():
            connection.exec_driver_sql("DELETE FROM alembic_version")
        real(connection)

    real = migrations.climb
    monkeypatch.setattr(migrations, "climb", climb)
    Database.open(path, KEY).close()

    engine = _engine(path, KEY)
    with engine.connect() as connection:
        assert upgrade.version(connection, path) == schema.VERSIONS[-1]
        assert set(schema.metadata.tables) < set(tables(connection))
    engine.dispose()
    copy = path.with_name(f"ringdown.db.before-{schema.VERSIONS[-1]}-from-0000")
    assert copy.stat().st_mode & 0o777 == 0o600
    assert not copy.read_bytes().startswith(b"SQLite")
    engine = _engine(copy, KEY)
    with engine.connect() as connection:
        assert "relic" in tables(connection)
        assert "call_log" not in tables(connection)
    engine.dispose()


def test_a_current_file_needs_no_alembic(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from app.store.database import Database;"
        f"Database.open(Path({str(path)!r}), {KEY!r}).close();"
        f"Database.open(Path({str(path)!r}), {KEY!r}).close();"
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
