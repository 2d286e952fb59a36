# Steps of setting up: what binder/lab and toolkit/bench/run share. Both set root before they source
# this; a Python environment is made in $prefix, by pip that also obeys $constraints.

python_from=3.10 python_before="" # the versions of Python that will do

say() { printf '%s\n' "$*"; }
fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

# ---- what the machine must bring -------------------------------------------------------------

problems=""
needs() { # what is missing, Debian package, Fedora package, brew formula
    problems="$problems
$1
    Debian, Ubuntu:  sudo apt-get install $2
    Fedora:          sudo dnf install $3
    macOS:           brew install $4"
}

java_property() { # property, text of -XshowSettings
    printf '%s\n' "$2" | sed -n "s/^ *$1 = //p" | head -n 1
}

# Sets java_home when this launcher belongs to a full JDK 17 or later, else java_reason.
full_jdk() {
    local settings version home
    settings=$("$1" -XshowSettings:properties -version 2>&1) || {
        java_reason="$1 does not run"
        return 1
    }
    home=$(java_property java.home "$settings")
    version=$(java_property java.specification.version "$settings")
    if [ "${version%%.*}" -lt 17 ]; then
        java_reason="$1 is Java $version"
    elif [ ! -x "$home/bin/javac" ]; then
        java_reason="$home has no javac: it is a runtime, not a JDK"
    elif ! "$home/bin/java" --list-modules | grep '^jdk\.jshell' >/dev/null; then
        java_reason="$home lacks the module jdk.jshell, which Java notebooks run on"
    else
        java_home=$home
        return 0
    fi
    return 1
}

find_java() {
    java_home=""
    java_reason="there is no java on the PATH"
    if [ -n "${JAVA_HOME:-}" ] && full_jdk "$JAVA_HOME/bin/java"; then return; fi
    if command -v java >/dev/null && full_jdk "$(command -v java)"; then return; fi
    # shellcheck disable=SC2016 # the reader's shell expands it
    needs "A full JDK 17 or later is needed, but $java_reason." \
        "openjdk-17-jdk (or a later one)" java-latest-openjdk-devel \
        'openjdk@21, then export JAVA_HOME=$(brew --prefix openjdk@21)'
}

find_maven() {
    local version
    if ! command -v mvn >/dev/null; then
        needs "Maven 3.8 or later is needed, but there is no mvn on the PATH." maven maven maven
        return
    fi
    version=$(JAVA_HOME=${java_home:-${JAVA_HOME:-}} mvn -B -v 2>/dev/null |
        sed -n 's/.*Apache Maven \([0-9]*\.[0-9]*\).*/\1/p') || true
    case $version in
    3.[89] | 3.[1-9][0-9] | [4-9].*) ;;
    *) needs "Maven 3.8 or later is needed, but $(command -v mvn) is ${version:-not working}." \
        maven maven maven ;;
    esac
}

python_will_do() {
    "$1" - "$python_from" "${python_before:-99.0}" >/dev/null 2>&1 <<'PYTHON'
import sys, venv, ensurepip
least, beyond = (tuple(map(int, text.split("."))) for text in sys.argv[1:])
sys.exit(not least <= sys.version_info[:2] < beyond)
PYTHON
}

find_python() {
    local name candidate
    python=""
    for name in python3 python3.14 python3.13 python3.12 python3.11 python3.10 python; do
        while IFS= read -r candidate; do
            if python_will_do "$candidate"; then
                python=$candidate
                return
            fi
        done < <(type -ap "$name")
    done
    needs "Python $python_from or later${python_before:+, but before $python_before,} with a working \
venv module is needed." "python3 python3-venv" python3 python@3.12
}

require() { # the finders to ask
    local finder
    for finder in "$@"; do "$finder"; done
    [ -z "$problems" ] || fail "This machine lacks something.$problems"
}

# ---- Python environments ---------------------------------------------------------------------

# A step is done when its stamp holds the text it depends on; it is written last, so a step that
# was interrupted is taken up again.
stamp() { printf '%s' "$prefix/.lorikeet/$1"; }
done_with() { [ -f "$(stamp "$1")" ] && [ "$(cat "$(stamp "$1")")" = "$2" ]; }
mark() {
    mkdir -p "$prefix/.lorikeet"
    printf '%s\n' "$2" >"$(stamp "$1")"
}

pip_install() { "$prefix/bin/python" -m pip install -q --disable-pip-version-check "$@"; }

# The stamp names the folder too: an environment does not survive being moved.
venv_is_made() { done_with venv "$prefix $("$prefix/bin/python" -V 2>/dev/null || true)"; }

make_venv() {
    require find_python
    say "Making a virtual environment in $prefix ($("$python" -V))"
    rm -f "$(stamp venv)"
    "$python" -m venv --clear "$prefix"
    mark venv "$prefix $("$prefix/bin/python" -V)"
}

install() { # step, what to say, requirements file, pip's options
    local step=$1 what=$2 file=$3 wanted
    shift 3
    wanted=$(cat "$file" ${constraints:+"$constraints"})
    if done_with "$step" "$wanted"; then return; fi
    say "Installing $what"
    rm -f "$(stamp "$step")"
    pip_install "$@" -r "$file"
    mark "$step" "$wanted"
}

# ---- jars ------------------------------------------------------------------------------------

newest_jar() { # the module's folder
    # shellcheck disable=SC2012 # the names are Maven's, and find cannot sort by time everywhere
    ls -t "$1"/target/lorikeet-*.jar 2>/dev/null | grep -v -e '-sources\.jar$' -e '-javadoc\.jar$' |
        head -n 1 || true
}

is_as_new_as() { # jar, what it is made of
    [ -n "$1" ] && [ -z "$(find "${@:2}" -newer "$1" -print | head -n 1)" ]
}

jar_is_current() {
    if [ "${LORIKEET_JAR_READY:-}" = 1 ]; then return; fi
    [ -d "$root/toolkit/target/lib" ] && [ -d "$root/toolkit/target/runtime" ] &&
        is_as_new_as "$(newest_jar "$root/toolkit")" "$root/pom.xml" "$root/toolkit/pom.xml" \
            "$root/toolkit/src/main" "$root/datasets"
}

package() { # module, then what Maven is told besides
    # A build cut short leaves no jar.
    packaging=$root/$1/target
    rm -f "$packaging"/lorikeet-*.jar
    trap 'rm -f "$packaging"/lorikeet-*.jar' EXIT
    (cd "$root" && JAVA_HOME=$java_home mvn -q -B -Dstyle.color=never -DskipTests -Dmaven.test.skip \
        -pl "$@" package) ||
        fail "$1 does not build: see Maven's message above."
    trap - EXIT
}

build_jar() {
    say "Building the toolkit"
    # Libraries of an older build would shadow the new ones.
    rm -rf "${root:?}/toolkit/target/lib" "$root/toolkit/target/runtime"
    package toolkit
}
