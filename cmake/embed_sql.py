#!/usr/bin/env python3
"""Embed sql/: queries become constants named by their path, migrations and functions ordered lists. The header has their names alone and is left as it is while these stay:
a changed statement compiles one file anew, and not all that ask one."""
import argparse
import hashlib
import pathlib

DELIMITER = "gwsql"
PLANNED_WITH_VALUES = "\n-- Planned with its values.\n"
SCRIPTS = ("migrations", "functions")
HEADER = """// Generated from sql/ by cmake/embed_sql.py.
#pragma once
#include <span>
#include <string_view>

namespace gridward::sql {

/// A statement of sql/queries, prepared on every connection under its name. One that says in its head that it is planned with its values is planned
/// anew each time it is asked: where a plan for any values guesses badly, as it does of dated rows of a whole district.
struct Query { const char* name; const char* text; bool planned_with_values; };
/// A script of several statements.
struct Script { std::string_view name; std::string_view text; };

extern const std::span<const Query* const> all;
extern const std::span<const Script> migrations, functions;
/// Of all that `migrate` does: a database keeps that of the binary that migrated it.
extern const std::string_view fingerprint;
extern const std::string_view roles;

"""


def literal(text: str) -> str:
    """A raw string literal in pieces: compilers need not take literals of any length."""
    pieces = [text[i:i + 8000] for i in range(0, len(text), 8000)] or [""]
    return "\n".join(f'R"{DELIMITER}({p}){DELIMITER}"' for p in pieces)


def scripts(folder: pathlib.Path, array: str) -> str:
    rows = [f'    {{"{p.stem}", {literal(p.read_text())}}},' for p in sorted(folder.glob("*.sql"))]
    return f"constexpr Script {array}_[] = {{\n" + "\n".join(rows) + f"\n}};\nconstinit const std::span<const Script> {array} = {array}_;\n"


def write_if_changed(path: pathlib.Path, text: str) -> None:
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def main() -> None:
    args = argparse.ArgumentParser()
    args.add_argument("--output", type=pathlib.Path, required=True, help="the header; the source is beside it")
    args.add_argument("--sql", type=pathlib.Path, required=True)
    a = args.parse_args()
    queries = {p.relative_to(a.sql / "queries").with_suffix("").as_posix(): p.read_text() for p in sorted((a.sql / "queries").rglob("*.sql"))}
    constants = {name: name.replace("/", "_") for name in queries}
    write_if_changed(a.output, HEADER + "".join(f"extern const Query {c};\n" for c in constants.values()) + "\n}  // namespace gridward::sql\n")
    schema = "".join(p.name + p.read_text() for folder in SCRIPTS for p in sorted((a.sql / folder).glob("*.sql")))
    out = [f'#include "{a.output.name}"\n\nnamespace gridward::sql {{\n']
    out += [f'constinit const Query {constants[name]}{{"{name}", {literal(text)}, {"true" if PLANNED_WITH_VALUES in text else "false"}}};' for name, text in queries.items()]
    out.append("constexpr const Query* all_[] = {" + ", ".join("&" + c for c in constants.values()) + "};\nconstinit const std::span<const Query* const> all = all_;")
    out += [scripts(a.sql / folder, folder) for folder in SCRIPTS]
    out.append(f'constinit const std::string_view fingerprint = "{hashlib.sha256(schema.encode()).hexdigest()[:32]}";')
    out.append(f"constinit const std::string_view roles = {literal((a.sql / 'roles.sql').read_text())};")
    out.append("}  // namespace gridward::sql\n")
    a.output.with_suffix(".cpp").write_text("\n".join(out))


main()
