#!/bin/sh
# Load the demo company when there is no store yet. A store somebody started with their own data is
# left alone, even while it is still empty.
# Usage: sh scripts/ensure-demo.sh PYTHON
set -eu

store=${ATTAIN_STORE:-store}
if [ -f "$store/CURRENT" ]; then
    exit 0
fi
if [ -f "$store/store.json" ] && grep -q '"own"' "$store/store.json"; then
    exit 0
fi
echo "Loading the demo company into $store (once)." >&2
exec "$1" manage.py demo
