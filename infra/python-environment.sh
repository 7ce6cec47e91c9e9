# Sourced by the scripts of this folder that need Python packages.

# Prints the folder of the Python environment with the packages of these files. Another version of a file gets another folder.
# environment_folder NAME FILE…
environment_folder() {
  echo "${XDG_CACHE_HOME:-$HOME/.cache}/steptrail/$1-$(cat -- "${@:2}" | cksum | cut -d ' ' -f 1)"
}

# Sets `environment` to the folder of a Python environment with the packages of a file, which it installs at the first call.
# require_environment NAME REQUIREMENTS [INCLUDED…]
require_environment() {
  environment=$(environment_folder "$@")
  [[ ! -e $environment/installed ]] || return 0
  if ! python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))'; then
    echo "Python 3.10 or later with venv is not installed. Install it (Debian: apt-get install python3-venv)." >&2
    return 1
  fi
  echo "Installing the SAM CLI and other packages in $environment, once; this takes about 2 minutes" >&2
  if ! { python3 -m venv --clear "$environment" && "$environment/bin/pip" install --quiet --disable-pip-version-check -r "$2"; }; then
    echo "Cannot install the packages of $2; the error is above. Check that pip reaches PyPI, and that $environment has 600 MB." >&2
    return 1
  fi
  touch "$environment/installed"
}
