# Dân Bàn. Hai lệnh cần biết: «make run» (chạy thử) và «make test» (kiểm tra). / The two commands: make run, make test.
# Cần có: GNU make, Python 3.11 trở lên. / Needed: GNU make, Python 3.11 or later.

.DEFAULT_GOAL := help
.ONESHELL:
SHELL := /bin/sh
.SHELLFLAGS := -euc

VENV := .venv
PY := $(VENV)/bin/python
# PYTHON=/path/to/python3.12 make setup: which Python to make the environment with.
PYTHON ?=
# make test ARGS="-k deadlines": what to hand on to pytest (ARGS="-n 0": one process, to debug).
ARGS ?=

# Nothing of the caller's Python may leak into ours, and pip says only what matters.
unexport PYTHONPATH PYTHONHOME PIP_REQUIRE_VIRTUALENV PIP_USER PIP_TARGET PIP_PREFIX
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PIP_ROOT_USER_ACTION := ignore

.PHONY: help setup setup-test run test faults lint format sure lock translations bench clean

help: ## Danh sách lệnh / This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: ## Tạo .venv có danban / Make .venv with danban in it
	@$(call install,requirements.lock,setup)

setup-test:
	@$(call install,requirements-test.lock,setup-test)
	$(PY) -m tests.browser

run: setup ## Chạy Dân Bàn với phường mẫu / Run Dân Bàn with the sample ward: http://127.0.0.1:8080
	@DEMO="$${DEMO:-auto}" exec $(PY) -m bot.foreground run

test: setup-test ## Mọi bài kiểm tra, trên SQLite và PostgreSQL / All tests, on SQLite and PostgreSQL
	@exec $(PY) -m pytest -n auto --dist worksteal $(ARGS)

lint: setup-test ## Kiểu viết, kiểu dữ liệu, các tầng / Style, types, layers
	@echo "→ ruff"
	$(PY) -m ruff check .
	$(PY) -m ruff format --check --quiet .
	echo "→ mypy"
	$(PY) -m mypy
	echo "→ import-linter"
	$(VENV)/bin/lint-imports --no-cache

format: setup-test ## Sửa kiểu viết / Mend the style
	@$(PY) -m ruff check --fix --quiet . || true
	$(PY) -m ruff format --quiet .

sure: lint test ## lint và test / lint and test

translations: setup-test ## Cập nhật locales/vi theo mã nguồn / Bring locales/vi up to date with the source
	@exec $(PY) -m tests.translations

faults: setup-test ## Kiểm chứng không mất, không trùng tin / Prove that nothing is lost or doubled (30 minutes)
	@exec $(PY) -m tests.faults $(ARGS)

bench: setup-test ## Đo độ đúng và tốc độ (ARGS=--quick: nhanh) / Measure correctness and speed
	@exec $(PY) -m bench $(ARGS)

lock: setup-test ## Chọn lại phiên bản mới nhất của mọi thư viện / Choose the newest version of every library
	@$(call compile,requirements.lock,--extra build)
	$(call compile,requirements-test.lock,--extra build --extra test -c requirements.lock)

clean: ## Xoá .venv và tệp tạm, giữ dữ liệu / Remove .venv and left-overs, keep the data
	@rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +

# $(call compile,FILE,OPTIONS): all versions and the hashes of all their files, for every machine; no index addresses.
define compile
echo "→ $(1)"
$(PY) -m piptools compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links $(2) -o $(1).new pyproject.toml
{ echo "# Made by «make lock» out of pyproject.toml; do not edit."; cat $(1).new; } > $(1)
rm $(1).new
endef

# $(call install,LOCK,STAMP): .venv with what LOCK names and danban itself; nothing is done when that is so already.
# One shell script; each way it can fail ends in one plain sentence.
define install
(
say() { printf '%s\n' "$$*" >&2; }
want="$$(cat pyproject.toml $(1) | cksum) $$(pwd)"
is_python() { [ -x "$$1" ] && "$$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
if is_python $(PY) && [ "$$(cat $(VENV)/.$(2) 2>/dev/null)" = "$$want" ]; then exit 0; fi

python=
for name in $(if $(PYTHON),"$(PYTHON)",python3.13 python3.12 python3.11 python3 python); do
	path=$$(command -v "$$name" || true)
	if [ -n "$$path" ] && is_python "$$path"; then python=$$path; break; fi
done
if [ -z "$$python" ]; then
	say "Cần Python 3.11 trở lên: hãy cài (Debian/Ubuntu: apt install python3 python3-venv) rồi chạy lại, hoặc chỉ rõ bằng PYTHON=/đường/dẫn. / Python 3.11 or later is needed: install it and run again, or name it with PYTHON=/path."
	exit 1
fi
if ! [ -w . ] || { [ -e $(VENV) ] && ! [ -w $(VENV) ]; }; then
	say "Không ghi được vào thư mục này ($$(pwd)): hãy chép Dân Bàn sang thư mục của Ông/Bà, hoặc xin quyền ghi, rồi chạy lại. / This folder cannot be written to: copy Dân Bàn to a folder of yours, or get permission, and run again."
	exit 1
fi
if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then
	version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
	say "Python này thiếu phần venv: hãy cài gói python$$version-venv (Debian/Ubuntu: apt install python$$version-venv) rồi chạy lại. / This Python lacks venv: install the package python$$version-venv and run again."
	exit 1
fi

# An environment left half-made, of another folder (moved or copied here) or of a Python that is gone is made anew.
if [ -e $(VENV) ] && ! { is_python $(PY) && $(PY) -c 'import pip' 2>/dev/null && [ "$$(cat $(VENV)/.folder 2>/dev/null || pwd)" = "$$(pwd)" ]; }; then
	rm -rf $(VENV)
fi
if ! [ -e $(VENV) ]; then
	say "→ Tạo môi trường Python trong $(VENV) / Making a Python environment in $(VENV)"
	if ! "$$python" -m venv $(VENV) >/dev/null 2>&1; then
		rm -rf $(VENV)
		say "Không tạo được $(VENV): hãy xem ổ đĩa còn chỗ không, và $$python có chạy được không, rồi chạy lại. / $(VENV) could not be made: see whether the disk is full and $$python works, and run again."
		exit 1
	fi
	pwd > $(VENV)/.folder
fi

say "→ Cài thư viện theo $(1), lần đầu mất khoảng một phút / Installing the libraries of $(1), about a minute the first time"
log=$(VENV)/setup.log
if $(PY) -m pip install --quiet --require-hashes -r $(1) >$$log 2>&1 \
	&& $(PY) -m pip install --quiet --no-deps --no-build-isolation -e . >>$$log 2>&1; then
	printf '%s\n' "$$want" > $(VENV)/.$(2)
elif grep -qi 'no space left' $$log; then
	say "Ổ đĩa đã đầy: hãy dọn bớt (cần khoảng 500 MB) rồi chạy lại. / The disk is full: free about 500 MB and run again."
	exit 1
elif grep -qiE 'connection|resolution|timed out|retrying|proxy|ssl' $$log; then
	say "Không tải được thư viện vì không có mạng hoặc bị chặn: hãy kiểm tra mạng (hoặc proxy) rồi chạy lại; chi tiết ở $$log. / The libraries could not be fetched, there is no network or it is blocked: check it (or the proxy) and run again; details in $$log."
	exit 1
else
	say "Không cài được thư viện: hãy xem $$log, hoặc xoá bằng «make clean» rồi chạy lại. / The libraries could not be installed: see $$log, or «make clean» and run again."
	exit 1
fi
)
endef
