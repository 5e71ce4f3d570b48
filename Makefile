# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
#
# `make rehearse` upgrades a simulated pair from nothing; `make test` is every check that CI runs. `make help` lists the rest.

export PYTHON ?= python3
# Molecule and Ansible keep their state with this checkout: two checkouts of the same folder name must not share it.
export ANSIBLE_HOME := $(CURDIR)/.cache/ansible
export PATH := $(CURDIR)/.venv/bin:$(PATH)

tools := tests/tools
step := $(tools)/step.sh
# Two workers and no more: the simulated boxes need a core too.
pytest := python -m pytest -n 2
# Networks of their own are made by some tests; who is not root is it in a namespace.
as_root := $(if $(filter 0,$(shell id -u)),,unshare --map-root-user)
simbox := roles/simulated_boxes/files
# Long ones: every piece of evidence, every act of a move, gigabytes. Of each playbook `make test` runs a molecule scenario.
long := $(patsubst %,tests/integration/test_%.py,factory_reset jump_clients migration migration_dns offline)

.PHONY: help venv rehearse test everything faults sample pages lint units integration molecule sanity sanity-all bench build clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

venv: ## .venv with everything that the checks need
	@$(tools)/venv.sh dev

rehearse: ## a simulated failover pair is upgraded, from nothing
	@$(tools)/rehearse.sh

test: lint units sanity build integration sample molecule ## every check that CI runs, fast ones first; stops at the first that fails
	@echo "== all green"

lint: venv ## style, types and documentation
	@$(step) ruff ruff check .
	@$(step) yamllint yamllint --strict .
	@$(step) shellcheck $(tools)/shellcheck.sh
	@$(step) mypy $(tools)/types.sh
	@$(step) changelog antsibull-changelog lint
	@$(step) docs $(tools)/docs.sh
	@$(step) ansible-lint ansible-lint --offline --profile production --strict

units: venv ## pure functions, guards, and the simulated boxes by themselves
	@$(step) "debian packages" $(tools)/debian.sh chromium=chromium
	@$(step) units $(pytest) $(wildcard tests/unit tests/guards tests/simbox)

integration: venv ## modules and playbooks against simulated boxes
	@$(step) "debian packages" $(tools)/debian.sh chromium=chromium knotd=knot named=bind9 nft=nftables conntrack=conntrack arping=iputils-arping
	@$(step) integration $(as_root) $(pytest) -m "not wide" $(addprefix --ignore=,$(long)) tests/integration

everything: test pages ## all of that, every combination, and faults at every act; takes an hour
	@$(step) long $(as_root) $(pytest) -m "not wide" $(long)
	@$(step) wide $(as_root) $(pytest) -m wide tests/integration
	@$(step) presses $(as_root) python -m pytest -s -m wide tests/faults
	@$(MAKE) --no-print-directory faults

pages: venv ## twelve thousand random pages, valid and broken, through the web driver
	@$(step) pages $(pytest) --hypothesis-profile=hunt tests/unit/web/test_alike.py tests/unit/web/test_hostile.py

faults: venv ## faults at every kind of request of every playbook; FAULTS_POINTS=n draws so many, FAULTS_SEED=s others
	@$(step) "debian packages" $(tools)/debian.sh faketime=faketime knotd=knot named=bind9
	@$(step) faults $(as_root) python -m tests.faults.suite

sample: venv ## five of these points, and each press of one playbook
	@$(step) "debian packages" $(tools)/debian.sh faketime=faketime
	@$(step) "sample of faults" $(as_root) python -m pytest -s -m "not wide" tests/faults

molecule: venv ## one scenario for each playbook
	@$(step) molecule $(tools)/molecule.sh

sanity: ## ansible-test sanity of the working tree under ansible-core 2.19
	@$(step) "sanity 2.19" $(tools)/sanity.sh 2.19.14

sanity-all: sanity ## the same under every supported ansible-core
	@$(step) "sanity 2.18" $(tools)/sanity.sh 2.18.19
	@$(step) "sanity 2.17" $(tools)/sanity.sh 2.17.14

bench: venv ## how long an upgrade takes of our own time
	@python tests/bench/bench.py

build: venv ## the collection's tarball
	@$(step) build ansible-galaxy collection build --force .

clean: ## everything that the targets above made in this checkout
	@rm -rf .venv .venv-* .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache tests/output bt_ops-pra-*.tar.gz
