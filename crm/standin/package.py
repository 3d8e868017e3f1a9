"""What the admin package adds, read from the package's own source files, so that the two cannot differ.

A field that the permission set does not name is as good as absent: nobody sees it, admins included.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

from .fields import owner, ref, system
from .schema import Field, Kind, SObject

SOURCE = Path(__file__).resolve().parents[2] / "resources" / "salesforce" / "force-app" / "main" / "default"
PERMISSION_SET = "Ringdown_User"
_FIRST_PREFIX = 0xA00
# Fields of activities are deployed under Activity, and known everywhere else as Task's.
_ACTIVITY, _TASK = "Activity", "Task"
_KINDS = {
    "Checkbox": Kind.BOOLEAN,
    "Currency": Kind.CURRENCY,
    "Date": Kind.DATE,
    "DateTime": Kind.DATETIME,
    "Email": Kind.EMAIL,
    "LongTextArea": Kind.TEXTAREA,
    "Number": Kind.DOUBLE,
    "Percent": Kind.PERCENT,
    "Phone": Kind.PHONE,
    "Picklist": Kind.PICKLIST,
    "Text": Kind.STRING,
    "TextArea": Kind.TEXTAREA,
    "Url": Kind.URL,
}
_LENGTHS = {Kind.EMAIL: 80, Kind.PHONE: 40, Kind.URL: 255, Kind.TEXTAREA: 255, Kind.PICKLIST: 255}


class PackageError(Exception):
    """A file of the package says something that cannot be deployed, or that this stand-in does not know."""


class Element:
    """One metadata element, its namespace left out."""

    def __init__(self, element: ElementTree.Element) -> None:
        self._element = element

    def text(self, name: str, default: str = "") -> str:
        """The text of the first child of that name."""
        found = self._element.find(f"{{*}}{name}")
        return default if found is None or found.text is None else found.text.strip()

    def flag(self, name: str) -> bool:
        """Whether the child of that name says true."""
        return self.text(name) == "true"

    def all(self, name: str) -> list[Element]:
        """Every child of that name."""
        return [Element(one) for one in self._element.findall(f"{{*}}{name}")]

    def deep(self, name: str) -> list[Element]:
        """Every element of that name at any depth."""
        return [Element(one) for one in self._element.iter() if one.tag.rpartition("}")[2] == name]


@dataclass(frozen=True, slots=True)
class Permissions:
    """A permission set: (readable, editable) by `Object.Field`, and (create, delete) by object."""

    fields: dict[str, tuple[bool, bool]]
    objects: dict[str, tuple[bool, bool]]


def read(path: Path) -> Element:
    """A metadata file. Raises PackageError."""
    try:
        return Element(ElementTree.parse(path).getroot())  # noqa: S314 - our own files
    except (OSError, ElementTree.ParseError) as error:
        raise PackageError(f"{path.name}: {error}") from error


def permissions(source: Path, name: str = PERMISSION_SET) -> Permissions:
    """A permission set of the package. Raises PackageError."""
    root = read(source / "permissionsets" / f"{name}.permissionset-meta.xml")
    return Permissions(
        {one.text("field"): (one.flag("readable"), one.flag("editable")) for one in root.all("fieldPermissions")},
        {
            one.text("object"): (one.flag("allowCreate"), one.flag("allowDelete"))
            for one in root.all("objectPermissions")
            if one.flag("allowRead")
        },
    )


def activity_fields(source: Path) -> tuple[Field, ...]:
    """The fields the package adds to Task; none when there is no package. Raises PackageError."""
    if not source.is_dir():
        return ()
    return tuple(replace(one, package=True) for one in _fields(source, _ACTIVITY, _TASK, permissions(source)))


def custom_objects(source: Path) -> tuple[SObject, ...]:
    """The objects the package brings; none when there is no package. Raises PackageError."""
    if not source.is_dir():
        return ()
    granted = permissions(source)
    names = sorted(one.name for one in (source / "objects").iterdir() if one.name.endswith("__c"))
    return tuple(
        _object(source, name, f"{_FIRST_PREFIX + place:x}", granted)
        for place, name in enumerate(names)
        if name in granted.objects
    )


def with_activities(source: Path) -> tuple[str, ...]:
    """The package's objects a Task may be related to."""
    if not source.is_dir():
        return ()
    files = sorted((source / "objects").glob("*__c/*__c.object-meta.xml"))
    return tuple(one.parent.name for one in files if read(one).flag("enableActivities"))


def _object(source: Path, name: str, prefix: str, granted: Permissions) -> SObject:
    root = read(source / "objects" / name / f"{name}.object-meta.xml")
    create, delete = granted.objects[name]
    return SObject(
        name,
        root.text("label"),
        root.text("pluralLabel"),
        prefix,
        (
            *system("Record"),
            _name_field(root.all("nameField")[0]),
            owner("Group", "User"),
            *_fields(source, name, name, granted),
        ),
        createable=create,
        deletable=delete,
        searchable=root.flag("enableSearch"),
        package=True,
    )


def _name_field(root: Element) -> Field:
    # Metadata writes RD-{000000}, Python RD-{:06d}.
    pattern = root.text("displayFormat")
    zeros = pattern.count("0")
    automatic = root.text("type") == "AutoNumber"
    return Field(
        name="Name",
        label=root.text("label"),
        kind=Kind.STRING,
        length=80,
        createable=not automatic,
        updateable=not automatic,
        required=not automatic,
        name_field=True,
        auto_number=pattern.replace("{" + "0" * zeros + "}", f"{{:0{zeros}d}}") if automatic else None,
    )


def _fields(source: Path, folder: str, sobject: str, granted: Permissions) -> tuple[Field, ...]:
    files = sorted((source / "objects" / folder / "fields").glob("*.field-meta.xml"))
    found = (_field(read(one)) for one in files)
    shown: list[Field] = []
    for one in found:
        # A required field needs no permission, and may not have one.
        readable, editable = granted.fields.get(f"{sobject}.{one.name}", (one.required, one.required))
        if readable:
            shown.append(one if editable else replace(one, createable=False, updateable=False))
    return tuple(shown)


def _field(root: Element) -> Field:
    name, kind_name = root.text("fullName"), root.text("type")
    required = root.flag("required")
    if kind_name in ("Lookup", "MasterDetail"):
        children = root.text("relationshipName")
        return ref(
            name,
            root.text("label"),
            root.text("referenceTo"),
            children=f"{children}__r" if children else None,
            required=required,
        )
    kind = _KINDS.get(kind_name)
    if kind is None:
        raise PackageError(f"{name}: the stand-in knows no field of type {kind_name}")
    digits = int(root.text("precision", "0")) - int(root.text("scale", "0"))
    return Field(
        name=name,
        label=root.text("label"),
        kind=kind,
        length=int(root.text("length", str(_LENGTHS.get(kind, 0)))),
        digits=digits,
        required=required,
        unique=root.flag("unique"),
        external_id=root.flag("externalId"),
        case_sensitive=root.flag("caseSensitive"),
        restricted=any(one.flag("restricted") for one in root.all("valueSet")),
        values=tuple(one.text("fullName") for one in root.deep("value")),
        default=root.flag("defaultValue") if kind is Kind.BOOLEAN else None,
    )


ACTIVITY_FIELDS = activity_fields(SOURCE)
OBJECTS = custom_objects(SOURCE)
RELATED = with_activities(SOURCE)
