"""Validates a JSON document against a JSON Schema: `validate.py SCHEMA DOCUMENT`. Prints every violation; exit 1 if any."""

import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
with open(sys.argv[2], encoding="utf-8") as file:
    document = json.load(file)

validator_class = jsonschema.validators.validator_for(schema)
validator_class.check_schema(schema)
violations = list(validator_class(schema).iter_errors(document))
for violation in violations:
    print(f"{violation.json_path}: {violation.message}")
sys.exit(1 if violations else 0)
