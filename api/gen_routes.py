#!/usr/bin/env python3
"""openapi.yaml and paths/*.yaml -> routes.gen.h: the operations, a table of routes, and the document itself."""
import argparse
import json
import pathlib

import yaml

ROLES = ["viewer", "leader", "coordinator", "approver", "officer", "auditor", "admin"]
DELIMITER = "gwapi"


def bundle(api: pathlib.Path) -> dict:
    """The whole contract as one document; every operation may answer a problem."""
    document = yaml.safe_load((api / "openapi.yaml").read_text())
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
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body:
        takes["body"] = plain(body["schema"], document)
    return json.dumps(takes, ensure_ascii=False)


def header(document: dict) -> str:
    operations = [(path, method.upper(), o) for path, methods in document["paths"].items() for method, o in methods.items()]
    rows = []
    for path, method, o in operations:
        roles = sum(1 << ROLES.index(r) for r in o.get("x-roles", []))
        public = "true" if o.get("x-public") else "false"
        versioned = "true" if method == "GET" and not o.get("x-public") and not o.get("x-unversioned") else "false"
        rows.append(f'    {{Operation::{o["operationId"]}, "{method}", "{path}", {roles}u, {public}, {versioned}, {o.get("x-body-limit", 0)},\n'
                    f'     R"{DELIMITER}({inputs(o, document)}){DELIMITER}"}},')
    text = json.dumps(document, ensure_ascii=False)
    pieces = "\n".join(f'R"{DELIMITER}({text[i:i + 8000]}){DELIMITER}"' for i in range(0, len(text), 8000))
    names = ", ".join(o["operationId"] for _, _, o in operations)
    return f"""// Generated from api/ by gen_routes.py.
#pragma once
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
  std::string_view takes;  // JSON Schemas of its parameters and its body
}};

inline constexpr Route routes[] = {{
{chr(10).join(rows)}
}};

inline constexpr std::string_view openapi_json =
{pieces};

}}  // namespace gridward::http
"""


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--api", type=pathlib.Path, required=True)
    arguments.add_argument("--output", type=pathlib.Path, required=True)
    a = arguments.parse_args()
    a.output.write_text(header(bundle(a.api)))


if __name__ == "__main__":
    main()
