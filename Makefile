# `make demo` and `make test` need nothing but a bare Debian 12 or Ubuntu: scripts/setup.sh gets the rest.
PYTHON := .venv/bin/python
SERVE ?= 1
# uv: the machine's own certificates, as a company's proxy has them (two names, by uv's age).
export UV_SYSTEM_CERTS := 1
export UV_NATIVE_TLS := 1

.PHONY: help demo test test-windows lint bench bench-agent bench-dashboard bench-uploads bench-window screenshots campaign lock translations handbook catalogue vendor

help: ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

demo: ## a shop's three backups, proven, on the dashboard (SERVE=0: end after the sync)
	@scripts/setup.sh demo
	@SERVE=$(SERVE) $(PYTHON) -m scripts.demo

test: ## the whole suite, with the real servers that it starts itself
	@scripts/setup.sh test
	@$(PYTHON) -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

test-windows: ## the Windows suite, in a real Windows Python under Wine
	@scripts/setup.sh windows
	@scripts/windows_lab.sh
	@$(PYTHON) -m scripts.windows_tests

lint: ## ruff, mypy (linux and win32), import-linter
	@scripts/setup.sh lint
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy --exclude '^tests/windows/' src lab benchmarks scripts tests
	.venv/bin/mypy --platform win32 src/topcore src/topbackup tests/windows tests/ipc
	.venv/bin/lint-imports

bench: ## our backup beside the others, interleaved: a table and benchmarks/results/*.json
	@scripts/setup.sh bench
	@$(PYTHON) -m benchmarks

bench-agent: ## the idle agent: memory, CPU, wake-ups, start, a request
	@scripts/setup.sh bench
	@$(PYTHON) -m benchmarks.agent

bench-dashboard: ## the panel and its endpoints in the database: 100 thousand and 1 million runs (ROWS=… for others)
	@scripts/setup.sh bench
	@$(PYTHON) -m benchmarks.dashboard $(ROWS)

bench-uploads: ## our uploads beside curl, lftp and sftp on loopback; our memory
	@scripts/setup.sh bench
	@$(PYTHON) -m benchmarks.uploads

bench-window: ## the window: how soon it is up, its memory, the longest that a click waits
	@scripts/setup.sh test
	@$(PYTHON) -m benchmarks.window

screenshots: ## docs/images anew, from the real site
	@scripts/setup.sh test
	@$(PYTHON) -m scripts.screenshots

campaign: ## the long tests
	@scripts/setup.sh campaign
	@$(PYTHON) -m pytest -m campaign --timeout 3600

lock: ## requirements.lock anew from pyproject.toml
	uv pip compile --quiet pyproject.toml --all-extras --group dev --universal --generate-hashes \
	  --no-header --no-annotate --python-version 3.12 --output-file requirements.lock
	uv pip compile --quiet lab/windows/requirements.in --python-platform x86_64-pc-windows-msvc --python-version 3.13 \
	  --generate-hashes --no-header --no-annotate --output-file lab/windows/requirements.lock

translations: ## collect the texts and compile the catalogues
	@$(PYTHON) -m scripts.translations

handbook: ## docs/erros.md anew from the error catalogue
	@$(PYTHON) -m scripts.handbook

catalogue: ## the dashboard's copy of the error catalogue
	@$(PYTHON) -m scripts.catalogue

vendor: ## the dashboard's htmx and chart.js from npm, by scripts/vendor/package-lock.json
	@scripts/vendor/copy.sh
