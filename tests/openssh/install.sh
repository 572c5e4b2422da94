#!/bin/sh
# Installs what tests/openssh needs, where that may be done: sshd and ssh from Debian's own packages. Says what it did.
set -eu

missing=""
command -v ssh >/dev/null || missing="$missing openssh-client"
[ -x /usr/sbin/sshd ] || missing="$missing openssh-server"
if [ -z "$missing" ]; then
    echo "openssh: $(/usr/sbin/sshd -V 2>&1 | head -1) is here"
    exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "openssh: SKIPPED:$missing missing, and it can't be installed here (needs root and apt-get)"
    exit 0
fi
# Installed for the tests alone: no daemon of it is to start.
if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
    chmod 755 /usr/sbin/policy-rc.d
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
fi
apt-get update -qq || echo "openssh: the package lists could not be refreshed"
# shellcheck disable=SC2086 # several packages
if DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null; then
    echo "openssh: installed$missing"
else
    echo "openssh: SKIPPED:$missing could not be installed"
fi
