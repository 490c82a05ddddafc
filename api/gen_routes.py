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
        document["paths"].update(yaml.safe_load((api / "paths" / f"{name}.yaml").read_text()))
    problem = {"description": "A problem; see its type.",
               "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"]["default"] = problem
            if not operation.get("x-public"):
                operation["security"] = [{"bearer": []}, {"cookie": []}]
    return document


def header(document: dict) -> str:
    operations = [(path, method.upper(), o) for path, methods in document["paths"].items() for method, o in methods.items()]
    rows = []
    for path, method, o in operations:
        roles = sum(1 << ROLES.index(r) for r in o.get("x-roles", []))
        public = "true" if o.get("x-public") else "false"
        rows.append(f'    {{Operation::{o["operationId"]}, "{method}", "{path}", {roles}u, {public}, {o.get("x-body-limit", 0)}}},')
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
  std::size_t body_limit;
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
