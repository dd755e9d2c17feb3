# Each line calls run.py, which makes the environment first; on Windows call it directly: py run.py book
PYTHON ?= python3

help:  ## list what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

book:  ## the main job: check the data, run the notebooks, build the book and the posters
	@$(PYTHON) run.py book

test:  ## the test suite without its long sweeps
	@$(PYTHON) run.py test

test-all: test  ## the whole test suite: the same, then the long sweeps
	@$(PYTHON) run.py test-all -m long

mutants:  ## change the code in small ways and see which changes no test notices
	@$(PYTHON) run.py mutants

check:  ## check the data of all studies
	@$(PYTHON) run.py check

poster:  ## the posters alone
	@$(PYTHON) run.py build --only poster

preview:  ## show the book in the browser, and every change seconds after it was saved
	@$(PYTHON) run.py preview

lab:  ## open JupyterLab with copies of the notebooks
	@$(PYTHON) run.py lab

.PHONY: help book test test-all mutants check poster preview lab
.DEFAULT_GOAL := help
