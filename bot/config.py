"""Every setting, read once from the environment and `.env`, then passed in."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from dotenv import dotenv_values
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    SecretStr,
    TypeAdapter,
    ValidationError,
)


class SettingError(Exception):
    """A setting has a wrong value; the text is one sentence that names it."""


def _url(value: str) -> str:
    return str(TypeAdapter(HttpUrl).validate_python(value)).rstrip("/")


Url = Annotated[str, BeforeValidator(_url)]


class Config(BaseModel):
    """The settings of one process; `.env.example` explains each. An empty variable counts as not set."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    token: SecretStr | None = Field(None, alias="DISCORD_TOKEN")
    api_url: Url | None = Field(None, alias="DISCORD_API_URL")
    home: Path = Field(Path("var"), alias="MOMENTS_HOME")
    content: Path = Field(Path("data/moments"), alias="MOMENTS_CONTENT")
    catch_up_hours: float = Field(6, alias="MOMENTS_CATCH_UP_HOURS", ge=0, le=24)
    source_url: Url | None = Field(None, alias="MOMENTS_SOURCE_URL")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", alias="MOMENTS_LOG_LEVEL")

    @property
    def catalog(self) -> Path:
        return self.home / "catalog.db"

    @property
    def state(self) -> Path:
        return self.home / "state.db"

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ, env_file: Path = Path(".env")) -> Self:
        """The settings of this process: the environment wins over the file. Raises SettingError."""
        try:
            in_file = dotenv_values(env_file) if env_file.is_file() else {}
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"{env_file} cannot be read ({error}). Make it a readable UTF-8 text file.") from error
        values = {name: value for name, value in {**in_file, **environ}.items() if value}
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            name = first["loc"][0]
            raise SettingError(
                f"{name} is {first['input']!r}: {first['msg'].lower()}. See .env.example for what it takes."
            ) from error


SETTINGS = tuple(str(field.alias) for field in Config.model_fields.values())
COUNTRIES = Path(__file__).parents[1] / "data" / "countries.toml"
STYLE = Path(__file__).parents[1] / "data" / "style.toml"
