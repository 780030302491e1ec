"""A mistake in an investigation's configuration in plain words: key, value, what is allowed."""

from __future__ import annotations

import difflib
from datetime import date
from typing import get_args

from pydantic import BaseModel, ValidationError

# What is allowed, by pydantic's name of the mistake.
ALLOWED = {
    "missing": "the key is missing; add it",
    "string_pattern_mismatch": "use up to 64 letters, digits, dots, dashes and underscores, a letter or digit first",
    "list_type": "it must be a list, e.g. [one, other]",
    "dict_type": "it must be keys with values, one a line, further in than this one",
    "string_type": "it must be text; put it between quotation marks",
    "bool_type": "it must be true or false",
    "bool_parsing": "it must be true or false",
    "int_type": "it must be a whole number",
    "int_parsing": "it must be a whole number",
    "int_from_float": "it must be a whole number",
    "float_type": "it must be a number",
    "float_parsing": "it must be a number",
}


def explain(error: ValidationError, root: type[BaseModel]) -> str:
    """The first mistake of ``root``'s values in one line."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "configuration"
    if first["type"] == "extra_forbidden":
        known = _keys(root, first["loc"][:-1])
        close = difflib.get_close_matches(str(first["loc"][-1]), known, 1)
        hint = f"; did you mean {close[0]}?" if close else ""
        return f"configuration: {where}: no such key{hint} Allowed: {', '.join(known)}"
    if isinstance(first["input"], date) and first["type"] == "string_type":
        return f"configuration: {where}: YAML takes {first['input']} for a date; put it between quotation marks"
    if first["type"] in ("model_type", "model_attributes_type"):
        words = f"below it stand keys, each with a colon: {', '.join(_keys(root, first['loc']))}"
    else:
        said = first["msg"].removeprefix("Value error, ").replace("Input should", "it must")
        words = ALLOWED.get(first["type"], said)
    if first["type"] == "missing":
        return f"configuration: {where}: {words}"
    return f"configuration: {where}: {first['input']!r:.80} is not allowed: {words}"


def _keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Keys that are allowed at the place ``loc``."""
    for part in loc:
        field = model.model_fields.get(str(part))
        kinds = (field.annotation, *get_args(field.annotation)) if field else ()
        inner = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
        if inner:
            model = inner[0]
    return list(model.model_fields)
