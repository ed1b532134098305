"""The API's description (OpenAPI 3.1), made from the same endpoints and records that answer."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import msgspec

from monitor.board import shapes
from monitor.board.answers import JSON, PROBLEM
from monitor.board.corrections import CorrectionWish
from monitor.board.endpoints import ENDPOINTS, Endpoint
from monitor.board.params import Param

_REF = "#/components/schemas/{name}"

Node = dict[str, Any]  # JSON of any form


def document() -> Node:
    """Return the whole description."""
    shown = [endpoint.shape for endpoint in ENDPOINTS]
    kinds: list[type] = [*dict.fromkeys(shown), shapes.Problem, shapes.Accepted, CorrectionWish]
    schemas, components = msgspec.json.schema_components(kinds, ref_template=_REF)
    refs = dict(zip(kinds, schemas, strict=True))
    paths = {endpoint.path: {"get": _operation(endpoint, refs)} for endpoint in ENDPOINTS}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "news-monitor board",
            "version": version("news-monitor"),
            "description": "Incidents, how what is known of them changed, and on whose word.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {**paths, "/api/stream": _stream(refs), "/api/corrections": _corrections(refs)},
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def _operation(endpoint: Endpoint, refs: dict[type, Node]) -> Node:
    content: Node = {media: {"schema": {"type": "string"}} for media in endpoint.answers}
    content[JSON] = {"schema": refs[endpoint.shape]}
    if "application/geo+json" in content:
        content["application/geo+json"] = {"schema": {"type": "object"}}
    if "application/feed+json" in content:
        content["application/feed+json"] = {"schema": {"type": "object"}}
    headers: Node = {"ETag": {"schema": {"type": "string"}}}
    more: Node = {
        "description": "Where the page after it is (RFC 8288), as `next` in JSON.",
        "schema": {"type": "string"},
    }
    paged = any(param.name == "after" for param in endpoint.params)
    found = {**headers, "Link": more} if paged else headers
    answers: Node = {
        "200": {"description": "Found.", "content": content, "headers": found},
        "304": {"description": "As it was: the ETag is the same.", "headers": headers},
    }
    return {
        "operationId": endpoint.name,
        "summary": endpoint.about,
        "parameters": [_parameter(p) for p in (*endpoint.params, endpoint.forms)],
        "responses": answers | _errors(refs, *_codes(endpoint)),
    }


def _codes(endpoint: Endpoint) -> tuple[int, ...]:
    missing = (404,) if "{" in endpoint.path else ()
    return (400, 401, *missing, 406, 414, 421, 429)


def _errors(refs: dict[type, Node], *codes: int) -> Node:
    content = {PROBLEM: {"schema": refs[shapes.Problem]}}
    return {str(code): {"description": "A problem.", "content": content} for code in codes}


def _parameter(param: Param) -> Node:
    schema: Node = param.schema
    if param.many:
        schema = {"type": "array", "items": param.schema, "maxItems": 20}
    return {
        "name": param.name,
        "in": param.place,
        "required": param.place == "path",
        "description": param.about,
        "schema": schema,
        **({"style": "form", "explode": True} if param.many else {}),
    }


def _stream(refs: dict[type, Node]) -> Node:
    content = {"text/event-stream": {"schema": {"type": "string"}}}
    header = {
        "name": "Last-Event-ID",
        "in": "header",
        "required": False,
        "description": "The id of the event after which to go on.",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{12}-[0-9]{1,18}$"},
    }
    told = {
        "operationId": "stream",
        "summary": "Events `incident`, `merged`, `alert`, `reset`, as the view changes.",
        "parameters": [header],
        "responses": {"200": {"description": "Events, without end.", "content": content}}
        | _errors(refs, 400, 401, 414, 421, 429, 503),
    }
    return {"get": told}


def _corrections(refs: dict[type, Node]) -> Node:
    told = {
        "operationId": "correct",
        "summary": "Correct an incident: merge, split, figure, dismiss, background, lift.",
        "security": [{"token": []}],
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": refs[CorrectionWish]}},
        },
        "responses": {
            "202": {
                "description": "On its way to Kafka.",
                "content": {JSON: {"schema": refs[shapes.Accepted]}},
            }
        }
        | _errors(refs, 400, 401, 403, 404, 409, 413, 414, 415, 421, 429, 503),
    }
    return {"post": told}
