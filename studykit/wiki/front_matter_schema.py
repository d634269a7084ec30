"""The fields of a page's front matter as a JSON Schema, for editors and for who checks elsewhere.

`.vscode/front-matter.schema.json` is this schema; the tests compare them.
"""

from __future__ import annotations

import json
from typing import get_args

from studykit.wiki.front_matter import FIELDS, RECORD_ID, Field, Stage

__all__ = ["front_matter_schema"]


def front_matter_schema() -> str:
    """The schema, as JSON with a line end.

    Examples:
        >>> json.loads(front_matter_schema())["properties"]["status"]["enum"]
        ['planned', 'written', 'presented', None]
    """
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Front matter of a studykit page",
        "description": "What a write-up, an answer or a notebook says of itself. Other fields are "
        "the site engine's.",
        "type": "object",
        "properties": {name: _property(field) for name, field in FIELDS.items()},
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _property(field: Field) -> dict[str, object]:
    """A field; left empty it says nothing."""
    about = {"description": f"{field.meaning}, e.g. {field.example}"}
    single = _single(field)
    if field.many:
        return {**about, "anyOf": [single, {"type": "array", "items": single}, {"type": "null"}]}
    if "enum" in single:
        return {**about, "enum": [*get_args(Stage), None]}
    return {**about, **single, "type": [single["type"], "null"]}


def _single(field: Field) -> dict[str, object]:
    match field.kind:
        case "status":
            return {"enum": list(get_args(Stage))}
        case "number":
            return {"type": "integer", "minimum": 1, "maximum": 9999}
        case "id":
            return {"type": "string", "pattern": f"^(?:{RECORD_ID})$"}
        case "address":
            # What has a scheme must be an address of the web; else it is a title.
            return {"type": "string", "pattern": "^(?:[Hh][Tt][Tt][Pp][Ss]?://|(?!.*://))"}
        case "text":
            return {"type": "string"}
