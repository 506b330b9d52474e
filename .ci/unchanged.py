"""Check that a publish without a change did nothing: `unchanged.py OUTPUT_OF_PUBLISH_JSON`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

report = json.loads(Path(sys.argv[1]).read_text("utf-8"))
pages = report["build"]["pages"]
outcomes = {message["outcome"] for message in report["messages"]}
if pages["made"] or pages["removed"] or outcomes != {"unchanged"}:
    sys.exit(f"Publishing again did something: {pages}, {sorted(outcomes)}")
print(f"Published again: {pages['total']} files and {len(report['messages'])} messages unchanged.")
