# make demo | test | fuzz | boundscheck | bench | lint      each makes .venv and installs first, when that is missing
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test fuzz boundscheck bench lint clean

demo: $(STAMP)
	@echo "$$ shapetorch check examples/"
	@$(BIN)/shapetorch check examples/; test $$? -eq 1  # the broken ones are found
	@echo
	@echo "$$ shapetorch shapes examples/transformer.py"
	@$(BIN)/shapetorch shapes examples/transformer.py

test: $(STAMP)
	$(BIN)/pytest tests
	$(BIN)/python tools/other_pythons.py

fuzz: $(STAMP)
	SHAPETORCH_FUZZ=1 $(BIN)/pytest tests/dim tests/rules tests/tensor

# a cache of its own: numba does not tell compiled code with bounds checks from code without
boundscheck: $(STAMP)
	NUMBA_BOUNDSCHECK=1 SHAPETORCH_CACHE=.shapetorch_cache/boundscheck SHAPETORCH_KERNELS=1 $(BIN)/pytest tests/tensor

bench: $(STAMP)
	$(BIN)/python -m benchmarks.dim
	$(BIN)/python -m benchmarks.mypy_speed
	$(BIN)/python -m benchmarks.startup
	$(BIN)/python -m benchmarks.ops

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(STAMP): pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python"; exit 1; }
	@echo "Installing into $(VENV) (once; with torch this takes some minutes)"
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade pip
	$(BIN)/python -m pip install -q -e ".[dev]"
	@# the judge of shapes; on another Python, or without it, the tests that need it are skipped
	$(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
		&& $(BIN)/python -m pip install -q torch==2.13.0 \
		|| echo "torch is not installed: the tests that need it are skipped"
	@touch $@

clean:
	rm -rf $(VENV) .venv-* .mypy_cache .shapetorch_cache .pytest_cache .ruff_cache
