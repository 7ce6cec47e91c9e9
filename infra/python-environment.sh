# Sourced by the scripts of this folder that need Python packages.

# Prints the folder of the Python environment with the packages of these files. Another version of a file gets another folder.
# environment_folder NAME FILE…
environment_folder() {
  echo "${XDG_CACHE_HOME:-$HOME/.cache}/steptrail/$1-$(cat -- "${@:2}" | cksum | cut -d ' ' -f 1)"
}

# Fails with a message unless a Python can create environments.
# require_python PYTHON
require_python() {
  if ! "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))'; then
    echo "Python 3.10 or later with venv is not installed. Install it (Debian: apt-get install python3-venv)." >&2
    return 1
  fi
}

# Creates an environment in the folder `environment` and installs packages in it.
# create_environment PYTHON ARGUMENTS OF PIP INSTALL…
create_environment() {
  "$1" -m venv --clear "$environment" && "$environment/bin/pip" install --quiet --disable-pip-version-check "${@:2}"
}

# Sets `environment` to the folder of a Python environment with the packages of a file, which it installs at the first call.
# require_environment NAME REQUIREMENTS [INCLUDED…]
require_environment() {
  environment=$(environment_folder "$@")
  [[ ! -e $environment/installed ]] || return 0
  require_python python3 || return 1
  echo "Installing the SAM CLI and other packages in $environment, once; this takes about 2 minutes" >&2
  if ! create_environment python3 -r "$2"; then
    echo "Cannot install the packages of $2; the error is above. Check that pip reaches PyPI, and that $environment has 600 MB." >&2
    return 1
  fi
  touch "$environment/installed"
}
