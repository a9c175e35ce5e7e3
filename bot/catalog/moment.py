"""The record of a moment, and what is wrong with one."""

import datetime
import math
from difflib import get_close_matches
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from bot.catalog.checks import CATEGORIES as CATEGORIES
from bot.catalog.checks import (
    check_alt,
    check_body,
    check_categories,
    check_countries,
    check_editor,
    check_hashtags,
    check_line,
    check_list,
    check_published,
    check_slug,
    check_text,
    check_url,
    check_yes,
    kind_of,
)
from bot.catalog.dates import MomentDate, parse_date

M = TypeVar("M", bound=BaseModel)
WORDS_A_MINUTE = 238


class RecordError(ValueError):
    """A record is no moment: `problems` are pairs of field and sentence, all of them."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{field}: {message}" for field, message in problems))
        self.problems = problems


def _unique(items: list[str], keys: list[str]) -> list[str]:
    twice = [item for place, item in enumerate(items) if keys[place] in keys[:place]]
    if twice:
        raise ValueError(f"{twice[0]!r} stands there twice; delete one")
    return items


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Record):
    """Where a moment can be read up."""

    title: Annotated[str, BeforeValidator(check_line)]
    url: Annotated[str, BeforeValidator(check_url)]


class Image(_Record):
    """A picture of a moment; `alt` says in words what it shows, `credit` whose it is."""

    url: Annotated[str, BeforeValidator(check_url)]
    alt: Annotated[str, BeforeValidator(check_alt)]
    credit: Annotated[str, BeforeValidator(check_line)]


def _sources(value: object) -> list[Any]:  # Any: pydantic checks each
    return [_fields_of(item, "title and url") for item in check_list(value)]


def _image(value: object) -> Any:  # Any: pydantic checks it
    return None if value is None else _fields_of(value, "url, alt and credit")


def _fields_of(value: object, names: str) -> Any:  # Any: pydantic checks it
    if not isinstance(value, dict | BaseModel):
        raise ValueError(f"has {kind_of(value)} where {names} should stand")  # noqa: TRY004 - as above
    return value


class Moment(_Record):
    """One moment of history. Make it with `from_record`, whose errors are sentences."""

    slug: Annotated[str, BeforeValidator(check_slug)]
    title: Annotated[str, BeforeValidator(check_line)]
    date: MomentDate | None = None
    countries: Annotated[tuple[str, ...], BeforeValidator(check_countries)]
    categories: Annotated[tuple[str, ...], BeforeValidator(check_categories)]
    hashtags: Annotated[tuple[str, ...], BeforeValidator(check_hashtags)] = ()
    top: Annotated[bool, BeforeValidator(check_yes)] = False
    body: Annotated[str, BeforeValidator(check_body)]
    editor: Annotated[str | None, BeforeValidator(check_editor)] = None
    published: Annotated[datetime.date | None, BeforeValidator(check_published)] = None
    reading_minutes: int = Field(default_factory=lambda fields: reading_minutes(fields.get("body", "")))
    sources: Annotated[tuple[Source, ...], BeforeValidator(_sources)] = ()
    image: Annotated[Image | None, BeforeValidator(_image)] = None

    @field_validator("date", mode="plain")
    @classmethod
    def _parse_date(cls, value: object) -> MomentDate | None:
        if isinstance(value, MomentDate):
            return value
        if value is None or value == "":
            return None
        return parse_date(check_text(value))

    @field_validator("reading_minutes", mode="plain")
    @classmethod
    def _count_minutes(cls, value: object, info: Any) -> int:  # Any: pydantic's ValidationInfo is generic
        if value is None or value == "":
            return reading_minutes(info.data.get("body", ""))
        number = str(value).strip()
        if isinstance(value, bool) or not (number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= 999):
            raise ValueError(f"is {kind_of(value)}; write whole minutes from 1 to 999, or leave the field out")
        return int(number)

    def to_record(self) -> dict[str, Any]:  # Any: JSON
        """The fields by name, as JSON: the date as EDTF text, `published` as ISO text."""
        record = self.model_dump(mode="python", exclude={"date", "published"})
        record["date"] = self.date.text if self.date else None
        record["published"] = self.published.isoformat() if self.published else None
        listed = {name: list(record[name]) for name in ("countries", "categories", "hashtags", "sources")}
        return {name: (record | listed)[name] for name in FIELDS}

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> "Moment":  # Any: it may be any JSON
        """The moment of a record as `to_record` makes it; `date` may be a MomentDate, a list a tuple.

        Raises RecordError with every problem.
        """
        try:
            return cls.model_validate(record)
        except ValidationError as error:
            found = error.errors(include_url=False)
            # The computed reading time is not computed if the body, or any field before it, is wrong.
            problems = [_explain(item) for item in found if item["type"] != "default_factory_not_called"]
            raise RecordError(problems) from None

    @classmethod
    def trusted(cls, record: dict[str, Any]) -> "Moment":  # Any: JSON
        """The moment of a record that `to_record` has made, with its `date` read: nothing is checked again, and the
        record becomes the moment's own.
        """
        published, image = record["published"], record["image"]
        record["published"] = datetime.date.fromisoformat(published) if published else None
        for name in ("countries", "categories", "hashtags"):
            record[name] = tuple(record[name])
        record["sources"] = tuple(_stored(Source, source) for source in record["sources"])
        record["image"] = _stored(Image, image) if image else None
        return _stored(cls, record)


def _stored(model: type[M], fields: dict[str, Any]) -> M:  # Any: as the fields are
    """A record of fields that have been checked, made as unpickling does: a quarter of the time of model_construct."""
    made = model.__new__(model)
    parts = {"__pydantic_fields_set__": set(fields), "__pydantic_extra__": None, "__pydantic_private__": None}
    made.__setstate__({"__dict__": fields, **parts})
    return made


FIELDS: tuple[str, ...] = tuple(Moment.model_fields)
_INNER_FIELDS = {"sources": tuple(Source.model_fields), "image": tuple(Image.model_fields)}


def _explain(item: Any) -> tuple[str, str]:  # Any: pydantic's ErrorDetails
    """Field and sentence of what pydantic found."""
    place = [str(part) for part in item["loc"]]
    field = ".".join(place) or "record"
    if item["type"] == "missing":
        return field, "is missing; write it"
    if item["type"] == "extra_forbidden":
        return field, unknown_field(place[-1], FIELDS if len(place) == 1 else _INNER_FIELDS.get(place[0], ()))
    cause = item.get("ctx", {}).get("error")
    return field, str(cause) if cause else "has a form that cannot be read; look at another moment"


def unknown_field(name: str, known: tuple[str, ...]) -> str:
    """The sentence about a field that no record has."""
    near = get_close_matches(name.lower(), known, 1)
    hint = f"did you mean `{near[0]}`?" if near else f"write one of {', '.join(known)}"
    return f"is no field of a moment; {hint}"


def reading_minutes(body: str) -> int:
    """How many minutes a text takes to read, to the nearest, at least 1."""
    return max(1, math.floor(len(body.split()) / WORDS_A_MINUTE + 0.5))
