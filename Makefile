# make run    try it: http://127.0.0.1:8000/     make test       every check there is
# make lint   style, formatting, templates       make test-fast  the suite without browsers and killed processes, and
#                                                                of the large tables a few cells (tests/tables.py)
# make bench  measure                            make messages   collect and compile translations
# HOST, PORT, DATABASE_URL, REDIS_URL, EMAIL_URL and MUFAKAT_VAR are read from the environment.

PYTHON ?= python3
PY := .venv/bin/python
ARGS ?=

.DEFAULT_GOAL := run
.PHONY: run test test-fast lint format bench messages install install-dev clean

run test test-fast lint bench messages: export DEMO ?= 1

run: install
	@exec $(PY) -m portal.runner

test: install-dev
	@exec $(PY) -m tests test $(ARGS)

test-fast: install-dev
	@exec $(PY) -m pytest -n 2 -m "not browser and not slow and not table" $(ARGS)

lint: install-dev
	@exec $(PY) -m tests lint

format: install-dev
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .

bench: install-dev
	@exec $(PY) -m benchmarks.run $(ARGS)

messages: install
	@if command -v xgettext > /dev/null; \
	then $(PY) manage.py makemessages --all --add-location file --no-wrap --ignore 'var/*' --ignore 'tests/*'; \
	else echo "Not collected, only compiled: there is no xgettext (Debian: apt-get install gettext)"; fi
	@$(PY) manage.py compile_catalogs

install:
	@$(PYTHON) -I deploy/venv.py requirements.txt

install-dev:
	@$(PYTHON) -I deploy/venv.py requirements.txt requirements-dev.txt

# Forgets the installation and the demonstration's data.
clean:
	rm -rf .venv .venv.lock var
