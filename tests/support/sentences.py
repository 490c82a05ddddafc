"""What the server refuses, as the page tells it in Chinese: web/src/words/refusals, and where such sentences stand in sql, src and api."""
import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "web/src/words/refusals"
WORDS = json.loads((TABLE / "words.json").read_text())
FILES = {path.name: json.loads(path.read_text(), object_pairs_hook=list) for path in sorted(TABLE.glob("*.json")) if path.name != "words.json"}
LINES = {english: chinese for pairs in FILES.values() for english, chinese in pairs}


def form_of(template):
    return re.compile("".join(re.escape(part) + "(.*?)" for part in template.split("{}"))[:-5] + r"\Z", re.S)


FORMS = sorted(((form_of(template), chinese) for template, chinese in LINES.items()), key=lambda f: -len(f[0].pattern))


def is_known(text):
    """Whether the page has Chinese for a sentence: as web/src/words/told.ts finds it."""
    for form, chinese in FORMS:
        found = form.match(text)
        if not found:
            continue
        values = found.groups()
        if all(values[int(i)] in WORDS["types"] for i in re.findall(r"\{(\d):type\}", chinese)):
            return all(is_known(values[int(i)]) for i in re.findall(r"\{(\d):said\}", chinese))
    headed = re.match(r"[^:]{1,120}: (.+)\Z", text, re.S)
    return bool(headed) and is_known(headed[1])


def unknown_in(problem):
    """The sentences of a problem that stand in the page as they came."""
    errors = problem.get("errors", [])
    detail = problem["detail"]
    for repeated in ["; ".join(f"{e['field']}: {e['detail']}" for e in errors), errors[0]["detail"] if errors else ""]:
        if repeated and detail.endswith(repeated):
            detail = re.sub(r"[\s:;]+$", "", detail[:-len(repeated)])
            break
        if repeated and detail.startswith(repeated + "; "):
            detail = detail[len(repeated) + 2:]
            break
    return [text for text in [detail, *(e["detail"] for e in errors)] if text and not re.fullmatch(r"\S+\.toml", text) and not is_known(text)]


def sql_literals(text):
    """The texts of a statement, as they are told: '' is ', and %s or % a value."""
    for literal in re.findall(r"'((?:[^']|'')*)'", re.sub(r"--[^\n]*", "", text)):
        yield re.sub(r"%s|%(?!%)", "{}", literal.replace("''", "'")).replace("%%", "%")


def cpp_literals(text):
    """The texts of a source, those beside each other as one, with {} for what fmt puts in; the English half of {Chinese, English} is left out, as it is told so."""
    text = re.sub(r"^\s*#include[^\n]*|(?<![:\"'])//[^\n]*", "", text, flags=re.M)
    before, end = "", 0
    for found in re.finditer(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*', text):
        literal = "".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', found[0]))
        literal = re.sub(r"\{(?:[^{}]*)\}", lambda m: "{}" if re.fullmatch(r"\{\d?(?::[^{}]*)?\}", m[0]) else m[0], literal.replace('\\"', '"').replace("\\\\", "\\").replace("\\n", "\n"))
        literal = literal.replace("{{", "{").replace("}}", "}")
        yield literal, text[end:found.start()], before
        before, end = literal, found.end()


def statements(text):
    """The parts of a source between semicolons that do not stand in a text."""
    part = ""
    for token in re.findall(r'//[^\n]*|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)+\'|;|[^;"/\']+|.', text, re.S):
        if token == ";":
            yield part
            part = ""
        elif not token.startswith("//"):
            part += token
    yield part


TYPES = {"string": "a text", "integer": "an integer", "number": "a number", "boolean": "true or false", "array": "a list", "object": "an object"}


def wanted(schema):
    """What http/schema.cpp says that a value of a schema must be."""
    said = schema.get("description", "")
    if said.startswith(("a ", "an ", "at most ")):
        return "must be " + said
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    or_null = ", or null" if "null" in types and len(types) > 1 else ""
    if "enum" in schema:
        return "must be one of " + ", ".join(v for v in schema["enum"] if isinstance(v, str)) + or_null
    if "pattern" in schema:
        return "must match " + schema["pattern"] + or_null
    out = "must be " + next((TYPES[t] for t in types if t != "null"), "a value of another kind")
    for least, most, what in (("minLength", "maxLength", "characters"), ("minItems", "maxItems", "members")):
        if most in schema:
            out += f" of {schema[least]} to {schema[most]} {what}" if least in schema else f" of at most {schema[most]} {what}"
    return out + "".join(f"{word}{schema[key]}" for key, word in (("minimum", " from "), ("maximum", " to ")) if key in schema) + or_null
