"""The page tells in Chinese what the server refuses: a line in web/src/words/refusals for each sentence that a client can be told, and no line without one.

Told apart from what operators alone read, who are told in English: a sentence of SQL by its errcode GR…, or as one that a function returns; one of C++ by standing where an Error is made (SINKS), in
the folders below app; app is the command line and the log. What is told in both languages already ({Chinese, English}) needs no line."""
import re

import pytest

import contract
import gen_routes
import sentences
from sentences import LINES, ROOT, WORDS

HOW = """add a line to one of web/src/words/refusals/*.json (plans, records, people, cells, files, asking, requests):
  "<the sentence, with {} for each value>": "<Chinese, with {0}, {1} … for them; {0:cell} tells a cell and {0:person} a person by name>",
or, if no client is ever told it, to NOT_TOLD in tests/arch/test_sentences.py. Missing:"""
PLACE = r"\{(\d)(?::(\w+))?\}"
KINDS = {None, "cell", "person", "post", "word", "said", "detail", "type", "level", "certificate"}  # words/told.ts knows these

SINKS = re.compile(r"\bfail\(|\bError::field\(|\bError\{|\bFieldError\{|\bErrc::\w+,|\bunreadable\(|\brefused\(|\brefuse\(|\bwrong\(|\bcheck_whole\(|\.detail\b|fields\.push_back|constexpr std::string_view kNo|constexpr const char\* kTooLong")
WHOLE = ["geo/open_file.cpp", "service/standing.cpp"]  # where sentences are made in functions of their own
ELSEWHERE = {  # files whose refusals no client is told, and why
    "storage/migrate.cpp": "the command line", "storage/conninfo.cpp": "the command line", "http/admin.cpp": "the admin port is read by monitors",
    "service/simulated_places.cpp": "the command line", "service/simulate.cpp": "the command line", "service/describe.cpp": "the command line",
    "stats/weights.cpp": "what it is given is made by the server", "service/rollback.h": "caught where it is thrown", "http/problem.cpp": "titles: the last test",
}
NOT_TOLD = {  # texts of SQL and C++ that look like sentences, and are none to a client
    "cell {} cannot be the leaf of an event", "left out",
    "seals {} to {} are missing", "the row is gone", "the row or a hash before it was changed", "the row is older than the last seal, and has none",  # gridward check audit
    "not written",  # never leaves service/imports
    " (?format= says it too)", " without measures", "\" or \"",  # values in sentences
}
PROSE = re.compile(r"[A-Za-z}\"] [a-z{]")
CODE = re.compile(r"[$\n]|\{\}[IL]|\bselect\b|\bwhere\b| is null|^ | = ")
HAN = re.compile(r"[一-鿿]")


def parts_of(template):
    return [part for part in template.split("{}") if len(part.strip()) > 3]


def has_line(text):
    parts = parts_of(text)
    return any(all(part in line for part in parts) for line in LINES) or text.strip() in WORDS["words"] or text in WORDS["types"]


def sql_sentences():
    for path in sorted((ROOT / "sql/functions").glob("*.sql")):
        text = path.read_text()
        raised = re.findall(r"raise exception '((?:[^']|'')*)'(?:(?!raise exception).)*?using errcode = 'GR[45]", text, re.S)
        for literal in raised:
            yield path.name, next(sentences.sql_literals(f"'{literal}'")), True
        for literal in sentences.sql_literals(text):
            if PROSE.search(literal) and not CODE.search(literal):
                yield path.name, literal, False


def cpp_sentences():
    for folder in ("base", "geo", "stats", "domain", "map", "storage", "service", "http"):
        for path in sorted((ROOT / "src" / folder).rglob("*.[ch]*")):
            name = str(path.relative_to(ROOT / "src"))
            if name in ELSEWHERE:
                continue
            for statement in sentences.statements(path.read_text()):
                if not SINKS.search(statement) and name not in WHOLE:
                    continue
                english = False  # the half of {Chinese, English}, which may be made of several
                for literal, between, before in sentences.cpp_literals(statement):
                    english = bool(HAN.search(before)) or (english and "," not in between)
                    if PROSE.search(literal) and not english and not HAN.search(literal) and "set local " not in literal:
                        yield name, literal


def test_every_sentence_of_sql_has_a_line():
    missing = {(where, text) for where, text, exact in sql_sentences() if text not in NOT_TOLD and text != "{}" and not (text in LINES if exact else has_line(text))}
    assert not missing, "\n".join([HOW, *(f"{where}: {text}" for where, text in sorted(missing))])


def test_every_sentence_of_the_server_has_a_line():
    missing = {(where, text) for where, text in cpp_sentences() if text not in NOT_TOLD and not has_line(text)}
    assert not missing, "\n".join([HOW, *(f"{where}: {text}" for where, text in sorted(missing))])


def schemas(schema):
    yield schema
    for part in [*schema.get("properties", {}).values(), *([schema["items"]] if isinstance(schema.get("items"), dict) else [])]:
        yield from schemas(part)


def test_every_value_of_the_contract_is_refused_in_words():
    missing = set()
    for operation in contract.OPERATIONS.values():
        bodies = [c["schema"] for media, c in operation.get("requestBody", {}).get("content", {}).items() if media == "application/json"]
        for taken in [*(p["schema"] for p in operation["parameters"]), *bodies]:
            missing |= {sentences.wanted(s) for s in schemas(gen_routes.plain(taken, contract.DOCUMENT)) if not sentences.is_known(sentences.wanted(s))}
    assert not missing, "\n".join(["add a line to web/src/words/refusals/values.json, or let the description begin with another word than a or an:", *sorted(missing)])


def made_of(text, pieces):
    """Whether a text is some of the pieces, one behind the other."""
    reached = {0}
    for at in range(len(text)):
        if at in reached:
            reached |= {at + len(piece) for piece in pieces[text[at]] if text.startswith(piece, at)}
    return len(text) in reached


def test_no_line_is_without_its_sentence():
    literals = [literal for path in (ROOT / "sql/functions").glob("*.sql") for literal in sentences.sql_literals(path.read_text())]
    literals += [literal for path in (ROOT / "src").rglob("*.[ch]*") for literal, _, _ in sentences.cpp_literals(path.read_text())]
    descriptions = [s["description"] for o in contract.OPERATIONS.values() for taken in o["parameters"] + [c for c in o.get("requestBody", {}).get("content", {}).values()]
                    if "schema" in taken for s in schemas(gen_routes.plain(taken["schema"], contract.DOCUMENT)) if "description" in s]
    corpus = "\n".join([*literals, *(f"must be {d}" for d in descriptions)])
    pieces = {}
    for piece in {piece for literal in literals for piece in literal.split("{}") if piece} | set(". "):
        pieces.setdefault(piece[0], []).append(piece)
    left = [line for line in LINES if any(part not in corpus and not made_of(part, {**dict.fromkeys(part, []), **pieces}) for part in parts_of(line))]
    assert not left, "take these lines out of web/src/words/refusals, nothing says them any more:\n" + "\n".join(left)


@pytest.mark.parametrize("line", LINES)
def test_a_line_has_its_values(line):
    """Each place of the Chinese is one of the English; ids of cells and people are never left out."""
    places = re.findall(PLACE, LINES[line])
    assert all(int(i) < line.count("{}") for i, _ in places) and {kind or None for _, kind in places} <= KINDS
    assert HAN.search(LINES[line]) and not re.search(r"\{\}", LINES[line])


def test_no_sentence_has_two_lines():
    pairs = [english for file in sentences.FILES.values() for english, _ in file]
    assert len(pairs) == len(set(pairs)), {p for p in pairs if pairs.count(p) > 1}


def test_every_kind_of_problem_has_a_title():
    assert set(WORDS["titles"]) == set(re.findall(r"^## (\S+)", (ROOT / "api/problems.md").read_text(), re.M))
