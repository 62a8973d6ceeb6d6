"""Validates a JUnit report: `validate_junit.py SCHEMA REPORT`. Prints every violation; exit 1 if any.

Beside what the schema says, no two cases may have one name, counts have to be those of the cases, and suites are numbered
from 0.
"""

import collections
import sys
import xml.etree.ElementTree as ElementTree

import xmlschema

violations = [f"{error.path}: {error.reason}" for error in xmlschema.XMLSchema(sys.argv[1]).iter_errors(sys.argv[2])]
suites = ElementTree.parse(sys.argv[2]).getroot().findall("testsuite")
names = collections.Counter(
    tuple(" ".join(case.get(key).split()) for key in ("classname", "name"))
    for suite in suites for case in suite.findall("testcase"))
violations += [f"{count} cases are called {name}" for name, count in names.items() if count > 1]
for number, suite in enumerate(suites):
    if suite.get("id") != str(number):
        violations.append(f"suite {number} has the id {suite.get('id')}")
    counts = {"tests": len(suite.findall("testcase"))}
    for key, tag in [("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]:
        counts[key] = len(suite.findall(f"testcase/{tag}"))
    for key, count in counts.items():
        if suite.get(key) != str(count):
            violations.append(f"suite {number} says {suite.get(key)} {key} and has {count}")
for violation in violations:
    print(violation)
sys.exit(1 if violations else 0)
