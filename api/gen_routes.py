#!/usr/bin/env python3
"""openapi.yaml, schemas/*.yaml and paths/*.yaml -> routes.gen.h: the operations, a table of routes, and the document itself."""
import argparse
import json
import pathlib

import yaml

ROLES = ["viewer", "leader", "coordinator", "approver", "officer", "auditor", "admin"]
DELIMITER = "gwapi"


MEDIA = {"json": "application/json", "geojson": "application/geo+json", "csv": "text/csv",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def item_schema(schema: dict):
    """The schema of the things that a list has, or None."""
    return schema.get("properties", {}).get("items", {}).get("items")


def add_formats(operation: dict) -> None:
    """Puts the media types of the parameter `format` into the answers of an operation."""
    formats = next((p["schema"]["enum"] for p in operation["parameters"] if p["name"] == "format"), [])
    for status, response in operation["responses"].items():
        content = response.get("content", {})
        if not status.startswith("2") or MEDIA["json"] not in content:
            continue
        item = item_schema(content[MEDIA["json"]]["schema"])
        feature = {"type": "object", "required": ["type", "id", "geometry", "properties"],
                   "properties": {"type": {"enum": ["Feature"]}, "geometry": {"type": "object", "nullable": True}, "properties": item or content[MEDIA["json"]]["schema"]}}
        features = {"type": "object", "required": ["type", "features", "next"], "additionalProperties": False,
                    "properties": {"type": {"enum": ["FeatureCollection"]}, "features": {"type": "array", "items": feature}, "next": {"type": "string", "nullable": True}}}
        made = {"geojson": features if item else feature, "csv": {"type": "string"}, "xlsx": {"type": "string", "format": "binary"}}
        for name in formats:
            if name in made:
                content.setdefault(MEDIA[name], {"schema": made[name]})


def bundle(api: pathlib.Path) -> dict:
    """The whole contract as one document; every operation may answer a problem."""
    document = yaml.safe_load((api / "openapi.yaml").read_text())
    document["components"]["schemas"] = {}
    for name in document.pop("x-schemas"):
        document["components"]["schemas"].update(yaml.safe_load((api / "schemas" / f"{name}.yaml").read_text()))
    document["paths"] = {}
    for name in document.pop("x-files"):
        paths = yaml.safe_load((api / "paths" / f"{name}.yaml").read_text())
        for operation in [o for methods in paths.values() for o in methods.values()]:
            operation["tags"] = [name]
        document["paths"].update(paths)
    problem = {"description": "A problem; see its type.",
               "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for path in document["paths"].values():
        for operation in path.values():
            operation["parameters"] = [document["components"]["parameters"][p["$ref"].rsplit("/", 1)[1]] if "$ref" in p else p
                                       for p in operation.get("parameters", [])]
            add_formats(operation)
            operation["responses"]["default"] = problem
            if not operation.get("x-public"):
                operation["security"] = [{"bearer": []}, {"cookie": []}]
    return document


PATTERNS = {"uuid": "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"}


def plain(schema, document: dict):
    """A schema of OpenAPI as plain JSON Schema: references put in, formats as patterns, nullable as a type."""
    if isinstance(schema, list):
        return [plain(s, document) for s in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return plain(document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], document)
    out = {k: {name: plain(s, document) for name, s in v.items()} if k == "properties" else plain(v, document)
           for k, v in schema.items() if k not in ("nullable", "format", "example")}
    if schema.get("format") in PATTERNS:
        out["pattern"] = PATTERNS[schema["format"]]
    if schema.get("nullable"):
        out["type"] = [schema["type"], "null"]
    return out


def inputs(operation: dict, document: dict) -> str:
    """What an operation takes, as two schemas: its parameters as one object, and its body."""
    parameters = operation.get("parameters", [])
    names = {p["name"]: p["schema"] for p in parameters if p["in"] != "header"}
    takes = {"parameters": plain({"type": "object", "additionalProperties": False, "properties": names,
                                  "required": [p["name"] for p in parameters if p.get("required") and p["in"] != "header"]}, document)}
    content = operation.get("requestBody", {}).get("content", {})
    if body := content.get("application/json"):
        takes["body"] = plain(body["schema"], document)
        if files := [media for media in content if media != "application/json"]:
            takes["files"] = files
    return json.dumps(takes, ensure_ascii=False)


def columns(schema: dict, document: dict, name="", required=True) -> list:
    """The columns of a list as a table, each as "path type": an object's members are columns of their own; "?" after the path of what need not be there."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if schema.get("properties") and schema.get("type") == "object":
        return [c for key, s in schema["properties"].items()
                for c in columns(s, document, f"{name}.{key}" if name else key, required and (bool(name) or key in schema.get("required", [])))]
    day = schema.get("pattern") == document["components"]["schemas"]["Day"]["pattern"]
    kind = "day" if day else {"integer": "integer", "number": "real", "boolean": "boolean"}.get(schema.get("type"), "text")
    return [f"{name}{'' if required else '?'} {kind}"]


def answers(operation: dict, document: dict) -> tuple:
    """The media types that an operation can answer in, and the columns of a list as a table."""
    content = {media: c for status, r in operation["responses"].items() if status.startswith("2") for media, c in r.get("content", {}).items()}
    item = item_schema(content.get(MEDIA["json"], {}).get("schema", {}))
    return " ".join(content), "\\n".join(columns(item, document)) if item and MEDIA["csv"] in content else ""


def header(document: dict) -> str:
    operations = [(path, method.upper(), o) for path, methods in document["paths"].items() for method, o in methods.items()]
    rows = []
    for path, method, o in operations:
        roles = sum(1 << ROLES.index(r) for r in o.get("x-roles", []))
        public = "true" if o.get("x-public") else "false"
        versioned = "true" if method == "GET" and not o.get("x-public") and not o.get("x-unversioned") else "false"
        offers, table = answers(o, document)
        limits = f'{o.get("x-body-limit", 0)}, std::chrono::seconds{{{o.get("x-deadline", 0)}}}'
        rows.append(f'    {{Operation::{o["operationId"]}, "{method}", "{path}", {roles}u, {public}, {versioned}, {limits}, "{offers}", "{table}",\n'
                    f'     R"{DELIMITER}({inputs(o, document)}){DELIMITER}"}},')
    text = json.dumps(document, ensure_ascii=False)
    pieces = "\n".join(f'R"{DELIMITER}({text[i:i + 8000]}){DELIMITER}"' for i in range(0, len(text), 8000))
    names = ", ".join(o["operationId"] for _, _, o in operations)
    return f"""// Generated from api/ by gen_routes.py.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gridward::http {{

/// What can be asked for; dispatch.cpp answers each.
enum class Operation {{ {names} }};

struct Route {{
  Operation operation;
  std::string_view method;
  std::string_view pattern;
  std::uint32_t roles;  // who may ask
  bool is_public;       // without a session
  bool versioned;       // answers follow from the districts' versions, so that an ETag can be made before the work
  std::size_t body_limit;
  std::chrono::seconds deadline;  // 0: the usual one
  std::string_view offers;   // media types of its answers, with spaces between; the first where nothing is asked for
  std::string_view columns;  // of a list as a table: "path type" a line, "?" after the path of what need not be there
  std::string_view takes;  // JSON Schemas of its parameters and its body
}};

inline constexpr Route routes[] = {{
{chr(10).join(rows)}
}};

inline constexpr char openapi_text[] =
{pieces};
inline constexpr std::string_view openapi_json{{openapi_text, sizeof openapi_text - 1}};  // its length is not counted by the compiler, which gives up beyond 2^18

}}  // namespace gridward::http
"""


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--api", type=pathlib.Path, required=True)
    arguments.add_argument("--output", type=pathlib.Path, help="the header")
    arguments.add_argument("--json", type=pathlib.Path, help="the document alone, of which the web client's types are made")
    a = arguments.parse_args()
    if a.output:
        a.output.write_text(header(bundle(a.api)))
    if a.json:
        a.json.write_text(json.dumps(bundle(a.api), ensure_ascii=False))


if __name__ == "__main__":
    main()
