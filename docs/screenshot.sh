#!/usr/bin/env bash
# The README's picture: the report of the practice investigation in headless Chromium. Run `make demo` first.
set -euo pipefail
cd "$(dirname "$0")/.."
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT
chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
  --disable-component-update --disable-sync --user-data-dir="$profile" --hide-scrollbars \
  --window-size=1280,1500 --screenshot=docs/report.png "file://$PWD/results/practice/report/index.html" 2>/dev/null
