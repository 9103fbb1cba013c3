"""Says whether two bills of materials are valid: the first CycloneDX 1.6, the second SPDX 2.3, both JSON.

Needs `cyclonedx-python-lib[json-validation]` and `spdx-tools`, which are those standards' own.
"""

import json
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

if sys.argv[1:] == ["--check"]:
    sys.exit(0)

cyclonedx, spdx = sys.argv[1:]
with open(cyclonedx, encoding="utf-8") as file:
    text = file.read()
error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
messages = [] if error is None else [f"CycloneDX: {error}"]
purls = [component["purl"] for component in json.loads(text)["components"]]
messages += [f"{purl} is not canonical" for purl in purls if PackageURL.from_string(purl).to_string() != purl]
messages += [f"SPDX: {found.validation_message}" for found in validate_full_spdx_document(parse_file(spdx), "SPDX-2.3")]
print("\n".join(messages))
sys.exit(1 if messages else 0)
