#!/usr/bin/env bash
# What `make vendor` does: the locked packages from npm, and of each the one file that a browser needs, with its licence.
set -euo pipefail
cd "$(dirname "$0")"
npm ci --silent --ignore-scripts --no-audit --no-fund
target=../../src/dashboard/monitoring/static/vendor
cp node_modules/htmx.org/dist/htmx.min.js node_modules/chart.js/dist/chart.umd.min.js $target/
cp node_modules/htmx.org/LICENSE $target/htmx.LICENSE.txt
cp node_modules/chart.js/LICENSE.md $target/chart.LICENSE.txt
sed -i '/^\/\/# sourceMappingURL=/d' $target/*.js # no map is served
(cd $target && sha256sum ./*.js >SHA256SUMS)
