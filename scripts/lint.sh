#!/usr/bin/env bash
# What ./dev lint checks: formatting of C++ and TypeScript, types of TypeScript, then the rules in lint_tree.py.
# Only files that git knows or would take are looked at.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
git ls-files -z --cached --others --exclude-standard -- '*.h' '*.cpp' |
  xargs -0 --no-run-if-empty clang-format-19 --dry-run -Werror
npm --prefix web run --silent check
python3 scripts/lint_tree.py
