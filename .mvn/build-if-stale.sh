# Sourced by the scripts that run a module: finds Java, and builds what is missing or out of date.
# shellcheck shell=bash

# build_if_stale ROOT MODULE [OPTION…]
# Rebuilds ROOT/MODULE/target/*.jar and target/lib with Maven and the given options if a source file is newer. Sets java_command
# and java_version. Exits the script on failure.
build_if_stale() {
  local root=$1 module=$2
  shift 2
  find_java
  is_stale "$root" "$module" || return 0
  find_maven "$root"
  [[ -x $java_home/bin/javac ]] || fail "$java_home is not a JDK (it has no javac); set JAVA_HOME to one, 17 or later"
  take_build_lock "$root"
  # Another script may have built it while this one waited for the lock.
  if is_stale "$root" "$module"; then
    echo "Building $module..." >&2
    touch "$root/target/build-started"
    (set -o pipefail && cd "$root" && JAVA_HOME=$java_home "$maven" -B "$@" -pl "$module" -am package -DskipTests | print_progress >&2) ||
      fail "the build of $module failed; run $maven package for details"
    touch -r "$root/target/build-started" "$root/$module/target/built"
  fi
  release_build_lock
}

# Prints one line for each module that Maven starts to build and for each 100 files that it downloads, and its errors.
print_progress() {
  local line files=0 building='^\[INFO\] Building (Steptrail: )?(.+) [^ ]+ +\[([0-9]+)/([0-9]+)\]$'
  while IFS= read -r line; do
    if [[ $line =~ $building ]]; then
      echo "  module ${BASH_REMATCH[3]} of ${BASH_REMATCH[4]}: ${BASH_REMATCH[2]}"
    elif [[ $line == *"Downloaded from "* ]]; then
      files=$((files + 1))
      ((files % 100)) || echo "  $files files downloaded"
    elif [[ $line == "[ERROR]"* ]]; then
      echo "$line"
    fi
  done
}

# Java encodes file names in the locale's character set. In the C locale, as under cron and in minimal containers, that is ASCII only.
[[ $(locale charmap 2>/dev/null) == UTF-8 ]] || export LC_ALL=C.UTF-8

fail() {
  echo "${0##*/}: $1" >&2
  exit 1
}

find_java() {
  java_command=${JAVA_HOME:+$JAVA_HOME/bin/}java
  local settings
  settings=$("$java_command" -XshowSettings:properties -version 2>&1) ||
    fail "Java does not run ($java_command); install a JDK, 17 or later, or set JAVA_HOME to one"
  java_home=$(sed -n 's/^ *java\.home = //p' <<<"$settings")
  java_version=$(sed -n 's/^ *java\.specification\.version = //p' <<<"$settings")
  [[ ${java_version%%.*} -ge 17 ]] || fail "Java $java_version is too old ($java_home); set JAVA_HOME to a JDK, 17 or later"
}

# Uses Maven from the PATH, or else the wrapper, which downloads it once.
find_maven() {
  maven=mvn
  ! command -v mvn >/dev/null || return 0
  maven=$1/mvnw
  # The checksum in maven-wrapper.properties is that of the zip; without unzip, the wrapper downloads another file.
  command -v unzip >/dev/null ||
    fail "neither Maven nor unzip is installed; install Maven (3.8.7 or later), or unzip, with which ./mvnw downloads Maven"
}

is_stale() {
  local root=$1 stamp=$1/$2/target/built
  [[ -f $stamp ]] || return 0
  # Include folders: deleting a source file changes only the modification time of its folder.
  [[ -n $(find "$root/pom.xml" "$root/agent-client" "$root/functions" "$root/infra" \( -name target -o -name node_modules \) -prune -o \
    \( -name pom.xml -o -name 'package*.json' -o -name tsconfig.json -o -name '*.mjs' -o -path '*/src/main/*' \) -newer "$stamp" -print 2>/dev/null | head -n 1) ]]
}

# Allows one build at a time in this checkout. Removes the lock of a process that no longer runs.
take_build_lock() {
  build_lock=$1/target/build-lock
  mkdir -p "$1/target"
  local owner is_reported=
  # ln -s creates the lock and stores the owner's process id in one atomic step.
  until ln -s "$$" "$build_lock" 2>/dev/null; do
    owner=$(readlink "$build_lock") || continue
    if ! kill -0 "$owner" 2>/dev/null; then
      rm -f "$build_lock"
    else
      [[ -n $is_reported ]] || echo "Waiting for process $owner, which is building in this checkout ($build_lock)..." >&2
      is_reported=1
      sleep 1
    fi
  done
  trap release_build_lock EXIT
}

release_build_lock() {
  rm -f "$build_lock"
  trap - EXIT
}
