"""Where addresses and passwords come from: the environment, else ``.streamlit/secrets.toml``."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

SECRETS = Path(".streamlit") / "secrets.toml"


def find_secret(name: str, root: Path, environment: Mapping[str, str] = os.environ) -> str:
    """The value of ``name``; "" when neither the environment nor the secrets file under ``root`` has it.

    Raises ``ValueError`` when the secrets file is not TOML.
    """
    if environment.get(name):
        return environment[name]
    path = root / SECRETS
    if not path.is_file():
        return ""
    try:
        value = tomllib.loads(path.read_text(encoding="utf-8")).get(name, "")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{SECRETS} is not readable as TOML.") from error
    return value if isinstance(value, str) else ""
