"""Whether plans show all of the plan language: `plan_coverage.py SCHEMA PLAN…`.

Prints every key of `schemas/plan.schema.json`, by its place, and every word of a choice there, that none of the plans has;
exit 1 if any. A plan counts where it is valid, by what it has at each place, not by what its text may hold.
"""

import json
import re
import sys

import jsonschema
import ruamel.yaml


class Places:
    """The keys and words of a schema, and which of them were met."""

    def __init__(self, schema):
        self.schema = schema
        self.known = set()
        self.met = set()
        self.collect(schema, "")

    def resolve(self, node, path):
        if "$ref" not in node:
            return node, path
        name = node["$ref"].rsplit("/", 1)[1]
        return self.schema["definitions"][name], "/" + name

    @staticmethod
    def words(node):
        """What may be chosen, unless it is numbers."""
        words = node.get("enum", [])
        return words if all(isinstance(word, str) for word in words) else []

    @staticmethod
    def subschemas(node, path):
        """The schemas within one that are about the same value or its elements, each with its path."""
        for word in ("anyOf", "oneOf", "allOf"):
            for branch in node.get(word, []):
                yield branch, path
        for word in ("then", "else", "items", "additionalProperties"):
            if isinstance(node.get(word), dict):
                yield node[word], path
        for branch in node.get("patternProperties", {}).values():
            if isinstance(branch, dict):
                yield branch, path

    def collect(self, node, path):
        if isinstance(node, bool):
            return
        self.known.update(f"{path}: {word}" for word in self.words(node))
        for key, value in node.get("properties", {}).items():
            self.known.add(f"{path}/{key}")
            self.collect(value, f"{path}/{key}")
        for branch, place in self.subschemas(node, path):
            self.collect(branch, place)
        for name, definition in node.get("definitions", {}).items():
            self.collect(definition, "/" + name)

    def accepts(self, node, value):
        return jsonschema.Draft7Validator({**node, "definitions": self.schema["definitions"]}).is_valid(value)

    def visit(self, node, path, value):
        """Notes what a value, which the schema accepts, has of it."""
        if isinstance(node, bool):
            return
        node, path = self.resolve(node, path)
        if value in self.words(node):
            self.met.add(f"{path}: {value}")
        for word in ("anyOf", "oneOf", "allOf"):
            for branch in node.get(word, []):
                if self.accepts(branch, value):
                    self.visit(branch, path, value)
        if "if" in node:
            branch = node.get("then" if self.accepts(node["if"], value) else "else")
            if branch:
                self.visit(branch, path, value)
        if isinstance(value, list) and "items" in node:
            for element in value:
                self.visit(node["items"], path, element)
        if isinstance(value, dict):
            for key, element in value.items():
                self.visit_entry(node, path, key, element)

    def visit_entry(self, node, path, key, value):
        if key in node.get("properties", {}):
            self.met.add(f"{path}/{key}")
            self.visit(node["properties"][key], f"{path}/{key}", value)
            return
        patterns = [branch for pattern, branch in node.get("patternProperties", {}).items() if re.search(pattern, key)]
        for branch in patterns or [node.get("additionalProperties")]:
            if isinstance(branch, dict):
                self.visit(branch, path, value)


def main(schema_path, *plans):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    places = Places(schema)
    for path in plans:
        yaml = ruamel.yaml.YAML(typ="safe", pure=True)
        yaml.version = (1, 2)
        with open(path, encoding="utf-8") as file:
            plan = yaml.load(file)
        if not places.accepts(schema, plan):
            sys.exit(f"{path} is no plan")
        places.visit(schema, "", plan)
    unknown = places.met - places.known
    if unknown or len(places.known) < 200:
        sys.exit(f"the schema was not understood: {len(places.known)} places, and not {sorted(unknown)}")
    # A scenario has keys of the plan, with the same meaning.
    missing = sorted(
        place for place in places.known - places.met
        if place.removeprefix("/scenario") not in places.met)
    print("\n".join(missing), end="\n" if missing else "")
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
