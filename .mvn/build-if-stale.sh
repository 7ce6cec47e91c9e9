# Sourced by the scripts that run a module: finds Java, and builds what is missing or out of date.
# shellcheck shell=bash

# build_if_stale ROOT MODULE [OPTION…]
# Makes ROOT/MODULE/target/*.jar and target/lib if a source is newer, by Maven with the options; sets java_command and
# java_version. Ends the script when it cannot.
build_if_stale() {
  local root=$1 module=$2
  shift 2
  find_java
  is_stale "$root" "$module" || return 0
  command -v mvn >/dev/null || fail "Maven is not installed; building $module needs 3.8.7 or later"
  [[ -x $java_home/bin/javac ]] || fail "$java_home is no JDK (it has no javac); set JAVA_HOME to one, 17 or later"
  take_build_lock "$root"
  # Another script may have built it while this one waited.
  if is_stale "$root" "$module"; then
    echo "Building $module..." >&2
    touch "$root/target/build-began"
    (cd "$root" && JAVA_HOME=$java_home mvn -q -B "$@" -pl "$module" -am package -DskipTests >&2) ||
      fail "the build of $module failed; mvn package tells more"
    touch -r "$root/target/build-began" "$root/$module/target/built"
  fi
  release_build_lock
}

# Java knows file names by the locale's encoding: under C, which cron and bare containers have, it knows ASCII alone.
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

is_stale() {
  local root=$1 stamp=$1/$2/target/built
  [[ -f $stamp ]] || return 0
  # Folders count too: a deleted source changes only its folder.
  [[ -n $(find "$root/pom.xml" "$root/agent-client" "$root/functions" "$root/infra" -name target -prune -o \
    \( -name pom.xml -o -path '*/src/main/*' \) -newer "$stamp" -print 2>/dev/null | head -n 1) ]]
}

# One build at a time in this checkout. A lock whose owner is gone is taken over.
take_build_lock() {
  build_lock=$1/target/build-lock
  mkdir -p "$1/target"
  local owner told=
  # A link is made in one step together with what it says: whose the lock is.
  until ln -s "$$" "$build_lock" 2>/dev/null; do
    owner=$(readlink "$build_lock") || continue
    if ! kill -0 "$owner" 2>/dev/null; then
      rm -f "$build_lock"
    else
      [[ -n $told ]] || echo "Waiting for process $owner, which builds here ($build_lock)..." >&2
      told=1
      sleep 1
    fi
  done
  trap release_build_lock EXIT
}

release_build_lock() {
  rm -f "$build_lock"
  trap - EXIT
}
