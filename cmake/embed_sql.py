#!/usr/bin/env python3
"""Embed sql/: queries become constants named by their path, migrations and functions ordered lists."""
import argparse
import hashlib
import pathlib

DELIMITER = "gwsql"
PLANNED_ANEW = "\n-- Planned with its values.\n"


def literal(text: str) -> str:
    """A raw string literal in pieces: compilers need not take literals of any length."""
    pieces = [text[i:i + 8000] for i in range(0, len(text), 8000)] or [""]
    return "\n".join(f'R"{DELIMITER}({p}){DELIMITER}"' for p in pieces)


def scripts(folder: pathlib.Path, array: str) -> str:
    rows = [f'    {{"{p.stem}", {literal(p.read_text())}}},' for p in sorted(folder.glob("*.sql"))]
    return f"inline constexpr Script {array}[] = {{\n" + "\n".join(rows) + "\n};\n"


def main() -> None:
    args = argparse.ArgumentParser()
    args.add_argument("--output", type=pathlib.Path, required=True)
    args.add_argument("--sql", type=pathlib.Path, required=True)
    a = args.parse_args()
    out = ["// Generated from sql/ by cmake/embed_sql.py.\n#pragma once\n#include <string_view>\n",
           "namespace gridward::sql {\n",
           "/// A statement of sql/queries, prepared on every connection under its name. One that says in its head that it is planned with its values is planned\n"
           "/// anew each time it is asked: where a plan for any values guesses badly, as it does of dated rows of a whole district.\n"
           "struct Query { const char* name; const char* text; bool planned_with_values; };\n"
           "/// A script of several statements.\n"
           "struct Script { std::string_view name; std::string_view text; };\n"]
    names = []
    for p in sorted((a.sql / "queries").rglob("*.sql")):
        name = p.relative_to(a.sql / "queries").with_suffix("").as_posix()
        constant = name.replace("/", "_")
        names.append(constant)
        text = p.read_text()
        anew = "true" if PLANNED_ANEW in text else "false"
        out.append(f'inline constexpr Query {constant}{{"{name}", {literal(text)}, {anew}}};\n')
    out.append("inline constexpr const Query* all[] = {" + ", ".join("&" + n for n in names) + "};\n")
    for folder in ("migrations", "functions", "seed"):
        out.append(scripts(a.sql / folder, folder))
    schema = "".join(p.name + p.read_text() for folder in ("migrations", "functions") for p in sorted((a.sql / folder).glob("*.sql")))
    out.append("/// Of all that `migrate` does: a database keeps that of the binary that migrated it.\n"
               f'inline constexpr std::string_view fingerprint = "{hashlib.sha256(schema.encode()).hexdigest()[:32]}";\n')
    out.append(f"inline constexpr std::string_view roles = {literal((a.sql / 'roles.sql').read_text())};\n")
    out.append("}  // namespace gridward::sql\n")
    a.output.write_text("\n".join(out))


main()
