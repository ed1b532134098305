"""What is published for receivers and editors is whole: every reference leads somewhere, every schema is one."""

import json

import pytest
from jsonschema import Draft202012Validator

from monitor.schemas import all_schemas
from schemas.cards import cards

SCHEMAS = all_schemas()


def references(node):
    if isinstance(node, dict):
        yield from (v for k, v in node.items() if k == "$ref" and isinstance(v, str))
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


def followed(document, reference):
    node = document
    for part in reference.removeprefix("#/").split("/"):
        node = node[part.replace("~1", "/").replace("~0", "~")]
    return node


def test_there_is_one_for_each_topic_the_webhook_and_the_configuration():
    assert set(SCHEMAS) == set(cards()) | {"webhook", "config", "asyncapi"}


@pytest.mark.parametrize("name", [n for n in SCHEMAS if n != "asyncapi"])
def test_it_is_a_json_schema(name):
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_reference_leads_somewhere(name):
    for reference in references(SCHEMAS[name]):
        assert followed(SCHEMAS[name], reference)


def test_the_asyncapi_document_has_a_channel_and_an_operation_for_each():
    document = SCHEMAS["asyncapi"]
    assert len(document["channels"]) == len(document["operations"]) == len(cards()) + 1
    assert json.dumps(document)
