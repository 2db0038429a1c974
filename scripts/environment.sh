# Makes the environment that ./run and ./test need; sourced by both. Says what it does, once.
#
#   environment run    what the service needs
#   environment test   that, and what the whole suite needs: test packages and a browser
#
# Nothing is done twice: a stamp in .venv holds the digest of what was installed. What was broken off
# halfway, or made in another folder, is made anew. Written for bash 3.2, which is what a Mac has.

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# Debian's names; python3-venv brings the installer, the rest is what WeasyPrint draws with.
packages_run="python3 python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
# Playwright, which drives the browser, brings a Node of its own that needs libatomic.
packages_test="libatomic1"
packages_test_debian="chromium" # Ubuntu's is a snap

python_fits() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
  local name
  for name in python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null 2>&1 && python_fits "$name"; then command -v "$name"; return; fi
  done
  return 1
}

digest_of() { # one line over all files named
  if command -v sha256sum >/dev/null 2>&1; then cat "$@" | sha256sum; else cat "$@" | shasum -a 256; fi | cut -c1-64
}

missing_debian() { # those of the packages named that are not installed
  local package
  for package in "$@"; do
    # libraries renamed for 64-bit time carry the suffix t64
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
      dpkg-query -W -f='${Status}' "${package}t64" 2>/dev/null | grep -q 'ok installed' ||
      printf '%s\n' "$package"
  done
}

drop_present() { # a Python or browser that came another way is as good as Debian's
  local package
  for package in "$@"; do
    case $package in
      python3|python3-venv) find_python >/dev/null && continue ;;
      chromium) [ -n "$(browser)" ] && continue ;;
    esac
    printf '%s\n' "$package"
  done
}

apt_line() { # what a person types who may become root
  local line="apt-get update && apt-get install -y --no-install-recommends $1"
  if command -v sudo >/dev/null 2>&1; then printf "sudo sh -c '%s'" "$line"; else printf "su -c '%s'" "$line"; fi
}

install_debian() {
  local wanted as=() wait="-o DPkg::Lock::Timeout=120" # a new machine often updates itself just now
  # shellcheck disable=SC2046
  wanted=$(drop_present $(missing_debian "$@") | tr '\n' ' ')
  wanted=${wanted% }
  [ -n "$wanted" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as=(sudo -n)
    else fail "System packages are missing, and installing them needs root. Nothing was changed. Type this line, then start again:

  $(apt_line "$wanted")
"; fi
  fi
  say "Installing system packages: $wanted"
  # shellcheck disable=SC2086
  { ${as[@]+"${as[@]}"} apt-get $wait update -qq &&
    ${as[@]+"${as[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get $wait install -y -qq --no-install-recommends $wanted; } >/dev/null ||
    fail "apt-get could not install: $wanted. See its words above; then start again."
}

homebrew() { # the folder that Homebrew fills: its own word, or the place for this kind of Mac
  if [ -n "${HOMEBREW_PREFIX:-}" ]; then printf '%s' "$HOMEBREW_PREFIX"
  elif [ -d /opt/homebrew ]; then printf /opt/homebrew
  else printf /usr/local; fi
}

install_mac() {
  find_python >/dev/null || fail "Python 3.11 or newer is missing. Install it (python.org, or: brew install python), then start again."
  if ! [ -e "$(homebrew)/lib/libpango-1.0.dylib" ]; then
    command -v brew >/dev/null 2>&1 || fail "Pango is missing, with which reports are drawn. Install Homebrew, then type: brew install pango"
    say "Installing pango with Homebrew"
    brew install --quiet pango >&2 || fail "Homebrew could not install pango. See its words above; then start again."
  fi
}

browser() { # the path of a Chromium or Chrome, or nothing
  local path
  for path in "${SDLC_CHROMIUM:-}" /usr/bin/chromium /usr/bin/google-chrome "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
    /Applications/Chromium.app/Contents/MacOS/Chromium; do
    if [ -n "$path" ] && [ -x "$path" ]; then printf '%s' "$path"; return; fi
  done
}

mac_libraries() { # where Homebrew puts Pango; a Python that is not Homebrew's own doesn't look there
  [ "$(uname -s)" = Darwin ] || return 0
  export DYLD_FALLBACK_LIBRARY_PATH="$(homebrew)/lib:/usr/local/lib:/usr/lib${DYLD_FALLBACK_LIBRARY_PATH:+:$DYLD_FALLBACK_LIBRARY_PATH}"
}

find_browser() { # sets SDLC_CHROMIUM for the suite; a Mac without Chrome gets Playwright's own
  SDLC_CHROMIUM=$(browser)
  if [ -z "$SDLC_CHROMIUM" ] && [ "$(uname -s)" = Darwin ]; then
    say "Installing Chromium, as no Chrome was found"
    .venv/bin/python -m playwright install chromium >&2 ||
      fail "Chromium could not be installed. Install Google Chrome, or name a Chromium in SDLC_CHROMIUM; then start again."
    SDLC_CHROMIUM=$(.venv/bin/python -c 'from playwright.sync_api import sync_playwright as start
with start() as playwright: print(playwright.chromium.executable_path)')
  fi
  [ -n "$SDLC_CHROMIUM" ] || say "No Chromium was found, so the browser tests can't run: name one in SDLC_CHROMIUM."
  export SDLC_CHROMIUM
}

postgres_user() { # as root the suite's PostgreSQL runs as this user, which two test processes must not make at once
  [ "$(id -u)" = 0 ] && [ "$(uname -s)" = Linux ] || return 0
  id pgserver >/dev/null 2>&1 || useradd -s /bin/bash pgserver
}

install_system() {
  local wanted=$1
  case $(uname -s) in
    Darwin) install_mac ;;
    Linux)
      command -v apt-get >/dev/null 2>&1 ||
        { find_python >/dev/null || fail "Python 3.11 or newer with venv is missing; install it with this system's own tools, with Pango too."; return 0; }
      # shellcheck disable=SC2086
      if [ "$wanted" = run ]; then install_debian $packages_run
      elif grep -qi '^ID=debian' /etc/os-release 2>/dev/null; then install_debian $packages_run $packages_test $packages_test_debian
      else install_debian $packages_run $packages_test; fi ;;
    *) fail "Only Linux and macOS are supported." ;;
  esac
}

venv_is_whole() { # made here, not broken off, and its Python still there and new enough
  [ ! -e .venv/unfinished ] && [ "$(cat .venv/place 2>/dev/null)" = "$(pwd -P)" ] &&
    .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

make_venv() {
  local python
  python=$(find_python) || fail "Python 3.11 or newer with venv is missing, and could not be installed."
  say "Making the environment in .venv with $("$python" --version)"
  { rm -rf .venv && mkdir .venv && : >.venv/unfinished; } ||
    fail "The folder .venv can't be made in $PWD. May you write there, and is there space?"
  "$python" -m venv .venv >&2 || fail "The environment could not be made. Is python3-venv installed, and is there space?"
  pwd -P >.venv/place
}

pip() { .venv/bin/python -m pip --quiet --disable-pip-version-check --no-input "$@" >&2; }

environment() {
  local wanted=$1 lock=requirements.txt stamp now
  mac_libraries
  [ "$wanted" = test ] && lock=requirements-test.txt
  stamp=.venv/installed-$wanted
  now="$(digest_of requirements.txt requirements-test.txt pyproject.toml scripts/environment.sh) $(pwd -P)"
  if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$now" ]; then return 0; fi

  install_system "$wanted"
  if ! venv_is_whole; then make_venv; fi
  say "Installing the locked Python packages ($lock)"
  : >.venv/unfinished
  # the lock names every package with its hashes, so nothing is resolved and nothing else is taken
  { pip install --no-deps --require-hashes -r "$lock" &&
    pip install --no-deps --no-build-isolation --editable .; } ||
    fail "The Python packages could not be installed: see the words above. Is there a connection to the package index, and space? Start again when there is."
  printf '%s' "$now" >"$stamp"
  if [ "$wanted" = test ]; then printf '%s' "$now" >.venv/installed-run; fi
  rm -f .venv/unfinished
}
