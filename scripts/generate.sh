#!/usr/bin/env bash
# Every generator of the tree: scripts/generate.sh writes the committed files again, --check fails when one is stale.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python3 src/gpu/schema/generate.py "$@"
python3 src/primitives/calls/generate.py "$@"
python3 src/emit/generate.py "$@"
python3 src/review/record/generate_forward.py "$@"
build/release/src/wgsl/shoal_wgsl layouts src "$@"
