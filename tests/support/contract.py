"""Holds every answer that a test gets to the contract: status, media type, schema, columns. Notes which operations were seen."""
import csv
import functools
import io
import re
import sys
import urllib.parse

import jsonschema
import requests

from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "api"))
import gen_routes  # noqa: E402
import sentences  # noqa: E402

DOCUMENT = gen_routes.bundle(ROOT / "api")
PATHS = [(re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"), DOCUMENT["paths"][path]) for path in sorted(DOCUMENT["paths"], key=lambda p: p.count("{"))]  # words before parameters
OPERATIONS = {o["operationId"]: o for methods in DOCUMENT["paths"].values() for o in methods.values()}
seen = set()
untold = set()  # sentences of problems that the page has no Chinese for


def operation_of(method, path):
    for pattern, operations in PATHS:
        if pattern.match(path):
            return operations.get("get" if method == "HEAD" else method.lower())
    return None


def columns_of(operation):
    """The columns of a list as a table: {name: whether it is always there}."""
    lines = gen_routes.answers(operation, DOCUMENT)[1]
    return {line.split()[0].rstrip("?").replace(".", "_"): "?" not in line for line in lines.split("\\n") if line}


def check_columns(operation, response):
    if "lang=zh" in response.request.url:  # for people; tests/api/test_formats.py
        return
    known = columns_of(operation)
    head = next(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    given = [name for name in head if name != "data_note"]
    assert given == [name for name, always in known.items() if always or name in given], f"{operation['operationId']} has the columns {head}"


@functools.cache
def validator_of(operation_id, status, media):
    """Of a schema of the contract, made once: to resolve and check a schema takes longer than most answers."""
    if operation_id is None:
        schema = DOCUMENT["components"]["schemas"]["Problem"]
    else:
        schema = OPERATIONS[operation_id]["responses"][status]["content"][media]["schema"]
    plain = gen_routes.plain(schema, DOCUMENT)
    kind = jsonschema.validators.validator_for(plain)
    kind.check_schema(plain)
    return kind(plain)


PHRASES = {200: "OK", 201: "Created", 204: "No Content", 304: "Not Modified", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
           406: "Not Acceptable", 409: "Conflict", 411: "Length Required", 412: "Precondition Failed", 413: "Content Too Large", 415: "Unsupported Media Type",
           422: "Unprocessable Content", 428: "Precondition Required", 429: "Too Many Requests", 431: "Request Header Fields Too Large", 500: "Internal Server Error",
           503: "Service Unavailable", 504: "Gateway Timeout", 505: "HTTP Version Not Supported"}  # RFC 9110, RFC 6585


def check(response):
    assert response.reason == PHRASES[response.status_code]
    path = urllib.parse.unquote(urllib.parse.urlsplit(response.url).path)
    operation = operation_of(response.request.method, path)
    media = response.headers.get("Content-Type", "")
    if response.status_code >= 400:
        assert media == "application/problem+json", response.text
        validator_of(None, None, None).validate(response.json())
        untold.update(sentences.unknown_in(response.json()))
        return
    if operation is None or response.status_code == 304 or response.request.method == "HEAD":
        return
    seen.add(operation["operationId"])
    described = operation["responses"].get(str(response.status_code))
    assert described, f"{operation['operationId']} answers {response.status_code}, which its contract does not know"
    content = described.get("content", {})
    if media.split(";")[0] in content and "json" in media:
        validator_of(operation["operationId"], str(response.status_code), media).validate(response.json())
    elif media.startswith("text/csv") and columns_of(operation):
        check_columns(operation, response)
    else:
        assert not content or "*/*" in content or media.split(";")[0] in content, f"{operation['operationId']} answers {media}"


class Session(requests.Session):
    def send(self, request, **options):
        response = super().send(request, **options)
        check(response)
        return response
