"""Whether `schemas/plan.schema.json` and `wsplan lint` judge plans alike: `plan_schema.py WSPLAN COUNT`.

Prints every disagreement; exit 1 if any. Plans are the accepted and the refused ones of the tests, those of `plans/` and of
the documentation, and COUNT that are made of the accepted ones by changing one thing in each.

What lint accepts, the schema has to accept. What lint refuses for a *structural* reason, the schema has to refuse too.
"""

import copy
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import warnings

import jsonschema
import ruamel.yaml

warnings.simplefilter("ignore", ruamel.yaml.error.ReusedAnchorWarning)

ROOT = pathlib.Path(__file__).resolve().parents[3]
TESTS = ROOT / "Tests"

# What the schema has to refuse as well, by the name of its code.
STRUCTURAL = {
    "notAPlan", "unknownKey", "wrongType", "missingKey", "unsupportedVersion", "invalidDuration",
    "outOfRange", "unknownChoice", "notLiteral", "invalidCloseCode", "templateInExpression", "conflictingKeys",
    "notAStep", "unknownVerb", "missingVerb", "severalVerbs", "misplacedOption", "missingArgument", "invalidSize",
    "invalidPin", "invalidRate",
}

# What only lint can know.
LINT_ALONE = {
    "invalidURL": "the syntax of addresses, with what the environment makes of them",
    "invalidName": "reserved words, identifiers, and names that samples have",
    "unrenderable": "the environment",
    "missingEnvironment": "the environment",
    "invalidHeader": "which headers belong to the handshake; the syntax of origins",
    "invalidSubprotocol": "the syntax of tokens, and repetition",
    "controlPayloadTooLong": "the length in bytes of what a template leaves",
    "textTakenForComment": "comments, which no document has any more",
    "numberWithoutJSON": "NaN and the infinities, which JSON Schema takes for numbers",
    "unusedServer": "whether `url` uses the server",
    "invalidCookie": "the syntax of cookies",
    "invalidAddress": "the syntax of addresses and networks",
    "malformedPayload": "Base64 and hexadecimal digits, with what templates give",
    "invalidPath": "where a path leads, and what its ending means",
}
# Whole kinds of those: the text of a document, thresholds, expressions, and how the parts of a plan fit together.
LINT_ALONE_KINDS = re.compile(r"WSP(0\d\d|15\d|2\d\d|3\d\d)")

# Structural refusals that the schema cannot share, by the end of their message.
EXCEPTIONS = {
    r"a (duration|size) needs a unit, this is .* without one": "it knows what an expression gives",
    r"'max' is shorter than 'min'": "it compares two values",
    r"'ramp_up' is longer than 'duration'": "it compares two values",
    r"no version of TLS is left between 'min_version' and 'max_version'": "it compares two values",
    r"cannot stand beside '(Origin|Cookie|origin|cookie)'": "header names mean the same in upper and lower case",
    r"has a name for the server, and a header 'Authorization' has another": "it takes an address apart",
    r"an interval is at least 100us": "it compares durations",
    r"is too much for one message": "it compares sizes",
    r"'max_message_size' has to be between 1B and 1GiB": "it compares sizes",
    r"'threshold' has to be between 0B and 1GiB": "it compares sizes",
    r"is more than there can be": "it compares durations, or sizes",
    r"is more than one in a nanosecond": "it compares rates",
    r"the stages are longer than a year together": "it adds durations",
    r"is longer than (366 days|a year)": "it compares durations",
}


# What the help of an error says whose value the environment has made of a template.
OF_ENVIRONMENT = "the environment makes it"

# A fixture about templates that can never give what is needed.
OF_TEMPLATES = "quantities"


def diagnostic_codes():
    """The names of all codes, by their numbers."""
    source = (ROOT / "Sources/Diagnostics/DiagnosticCode.swift").read_text()
    return {number: name for name, number in re.findall(r'case (\w+) = "(WSP\d+)"', source)}


class Lint:
    """The errors of `wsplan lint` for each of many files: the name of the code, the message, and whether it is about what the
    environment has made of a template."""

    LINE = re.compile(r"^(.*?):\d+:\d+: error: (.*) \[(WSP\d+)\]$", re.MULTILINE)

    def __init__(self, wsplan, files):
        names = diagnostic_codes()
        self.errors = {str(file): [] for file in files}
        files = sorted(self.errors)
        for start in range(0, len(files), 500):
            run = subprocess.run(
                [wsplan, "lint", *files[start:start + 500]], capture_output=True, text=True, env={}, check=False)
            if run.returncode not in (0, 2) or run.stderr:
                sys.exit(f"wsplan lint ended with {run.returncode}: {run.stderr}")
            found = list(self.LINE.finditer(run.stdout))
            for match, following in zip(found, found[1:] + [None]):
                file, message, number = match.groups()
                # What stands below it, and with that its help.
                rest = run.stdout[match.end():following.start() if following else None]
                self.errors[file].append((names[number], message, OF_ENVIRONMENT in rest))


class CoreConstructor(ruamel.yaml.constructor.SafeConstructor):
    """Knows the types of YAML's core schema only; a date is text."""


CoreConstructor.add_constructor("tag:yaml.org,2002:timestamp", CoreConstructor.construct_yaml_str)


def load(path):
    """The document of a file, as YAML 1.2 and JSON have it; None where it is none."""
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            return json.loads(text)
        yaml = ruamel.yaml.YAML(typ="safe", pure=True)
        yaml.Constructor = CoreConstructor
        yaml.version = (1, 2)
        return yaml.load(text)
    except (ValueError, ruamel.yaml.error.YAMLError):
        return None


def is_exception(message):
    return any(re.search(end + "$", message) for end in EXCEPTIONS)


def judge(errors, is_valid):
    """What the two disagree in; None where they agree."""
    if not errors:
        return None if is_valid else "lint accepts it, the schema does not"
    for name, message, is_of_environment in errors:
        if is_valid and name in STRUCTURAL and not is_of_environment and not is_exception(message):
            return f"lint refuses it, the schema does not: {message}"
    return None


# Documents that differ from accepted ones in one thing.

REPLACEMENTS = [None, "text", "", "${vu.id}", 7, 0, -1, 1.5, True, [], [1], {}, {"key": 1}, "3s", "4KiB"]


def places(node, path=()):
    """The paths of all nodes of a document."""
    yield path
    if isinstance(node, dict):
        for key, value in node.items():
            yield from places(value, path + (key,))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from places(value, path + (index,))


def changed(document, path, change):
    document = copy.deepcopy(document)
    if not path:
        return change(document)
    parent = document
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = change(parent[path[-1]])
    return document


def mutants(document):
    for path in places(document):
        for replacement in REPLACEMENTS:
            yield changed(document, path, lambda _: copy.deepcopy(replacement))
        node = document
        for key in path:
            node = node[key]
        if isinstance(node, dict):
            for key in ("unknown", "send", "do", "timeout", "name"):
                if key not in node:
                    yield changed(document, path, lambda node: {**node, key: "1s"})
            for key in node:
                yield changed(document, path, lambda node: {k: v for k, v in node.items() if k != key})


# The plans.

def documentation(folder):
    """The whole plans that the documentation shows, as files."""
    for file in ("README.md", "docs/plan-language.md"):
        blocks = re.findall(r"^```yaml(?: fails)?\n(.*?)^```$", (ROOT / file).read_text(), re.MULTILINE | re.DOTALL)
        for number, text in enumerate(blocks):
            path = folder / f"{pathlib.Path(file).stem}-{number}.yaml"
            path.write_text(text)
            yield path


def measuring():
    """Plans of which the schema and lint have to say just the same: with the names of metrics, the keys of marks, and what
    stands where samples are given."""
    source = (ROOT / "Sources/LoadMetrics/Metrics/MetricDefinition+BuiltIn.swift").read_text()
    built_in = re.findall(r'MetricDefinition\(\s*"(\w+)"', source)

    def plan(*steps, **keys):
        return {"url": "ws://127.0.0.1:9001/", **keys, "on_open": [*steps, "close"]}

    mark, measure = {"mark": "k"}, {"measure": "t", "since": "k"}
    for name in [*built_in, "", "a-b", "a b", "2x", "x-c", "\u00e9", "_", "true", "a" * 128, "a" * 129]:
        yield plan({"record": {name: 1}}, metrics={name: "counter"})
        yield plan(mark, {"measure": name, "since": "k"})
    for name in [5, 1.5, True, None, ["t"], {"t": 1}]:
        yield plan(mark, {"measure": name, "since": "k"})
    for key in ["k", "${vu.id}", "", "send", "open", "now", 5, True, None, ["k"]]:
        yield plan({"mark": key}, {"measure": "t", "since": "${vu.id}"})
        yield plan({"mark": "${vu.id}"}, {"measure": "t", "since": key})
        yield plan(mark, measure, {"mark": "${vu.id}"}, {"await": "any", "since": key})
    for value in [1, 1.5, "1.5", None, [1], {"a": 1}, "${1}"]:
        yield plan({"record": {"c": value}}, metrics={"c": "counter"})
        yield plan({"measure": "t", "since_ms": value})
    yield plan({"record": {"ok": True}}, metrics={"ok": "rate"})
    yield plan({"measure": "t", "since_ms": True})


def is_plan(path):
    return path.suffix in (".yaml", ".json")


def main(wsplan, count):
    schema = json.loads((ROOT / "schemas/plan.schema.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    problems = []

    for number, name in diagnostic_codes().items():
        known = (name in STRUCTURAL) + (name in LINT_ALONE) + bool(LINT_ALONE_KINDS.fullmatch(number))
        if known != 1:
            problems.append(f"{number} {name}: say in {__file__} whether the schema has to refuse it")

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        accepted = [*documentation(folder), *filter(is_plan, (ROOT / "plans").rglob("*"))]
        fixtures = [path for path in TESTS.rglob("Fixtures/*/*") if is_plan(path)]
        lint = Lint(wsplan, accepted + fixtures)
        bases = []
        counts = {"valid": 0, "refused": 0}
        for path in accepted + fixtures:
            errors = lint.errors[str(path)]
            document = load(path)
            if document is None:
                if not errors:
                    problems.append(f"{path}: lint accepts what is no document")
                continue
            is_valid = validator.is_valid(document)
            counts["valid" if is_valid else "refused"] += 1
            problem = judge(errors[:1], is_valid)
            if path.stem == OF_TEMPLATES:
                problem = None if is_valid else "it has become an error of the schema"
            if problem:
                problems.append(f"{path}: {problem}{reasons(validator, document)}")
            if not errors or "/ok/" in str(path):
                bases.append(document)
        if min(counts.values()) < 50:
            problems.append(f"there are too few plans: {counts}")

        made = [mutant for base in bases for mutant in mutants(base)]
        chosen = random.Random(6).sample(made, min(len(made), count))
        files = {folder / f"{number}.json": mutant for number, mutant in enumerate(chosen)}
        for path, mutant in files.items():
            path.write_text(json.dumps(mutant))
        lint = Lint(wsplan, files)
        for path, mutant in files.items():
            problem = judge(lint.errors[str(path)], validator.is_valid(mutant))
            if problem:
                problems.append(f"{problem}{reasons(validator, mutant)}: {json.dumps(mutant)}")

        exact = {folder / f"measuring-{number}.json": plan for number, plan in enumerate(measuring())}
        for path, plan in exact.items():
            path.write_text(json.dumps(plan))
        lint = Lint(wsplan, exact)
        for path, plan in exact.items():
            errors = lint.errors[str(path)]
            if validator.is_valid(plan) != (not errors):
                problems.append(f"lint says {errors}, the schema{reasons(validator, plan) or ' nothing'}: {json.dumps(plan)}")

    problems += examples(schema)
    for problem in problems:
        print(problem)
    print(f"{counts}, {len(made)} made, {len(chosen)} tried, {len(problems)} problems", file=sys.stderr)
    sys.exit(1 if problems else 0)


def reasons(validator, document):
    """Why the schema refuses a document, for the message."""
    error = jsonschema.exceptions.best_match(validator.iter_errors(document))
    return f" ({error.json_path}: {error.message})" if error else ""


def examples(schema):
    """Examples and defaults in the schema that it does not accept itself."""
    def walk(node, path):
        if isinstance(node, list):
            for index, element in enumerate(node):
                yield from walk(element, f"{path}/{index}")
        elif isinstance(node, dict):
            # Below "properties" stand names of keys, of which one may be "default".
            is_schema = not path.endswith("/properties")
            values = node.get("examples", []) + [node[key] for key in ("default",) if key in node] if is_schema else []
            validator = jsonschema.Draft7Validator({**node, "definitions": schema["definitions"]})
            for value in values:
                if not validator.is_valid(value):
                    yield f"the schema refuses its own example at {path}: {json.dumps(value)}"
            for key, value in node.items():
                if key not in ("examples", "default", "enum", "const"):
                    yield from walk(value, f"{path}/{key}")
    return list(walk(schema, ""))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
