#!/bin/sh
# The programs that tests start for real. Installs what is missing when run as root on Debian; prints the packages that are
# missing still, one a line, on stdout. Everything else goes to stderr.

# Each package with a file that shows that it is there.
needed="
activemq          /usr/share/activemq/bin/activemq.jar
libxstream-java   /usr/share/java/xstream.jar
libjettison-java  /usr/share/java/jettison.jar
rabbitmq-server   /usr/lib/rabbitmq/bin/rabbitmq-server
xrootd-server     /usr/bin/xrootd
xrootd-client     /usr/bin/xrdcp
python3-stomp     /usr/lib/python3/dist-packages/stomp/__init__.py
python3-jsonschema /usr/lib/python3/dist-packages/jsonschema/__init__.py
python3-django    /usr/lib/python3/dist-packages/django/__init__.py
nodejs            /usr/bin/node
openssl           /usr/bin/openssl
faketime          /usr/bin/faketime
util-linux        /usr/bin/setpriv
bubblewrap        /usr/bin/bwrap
zsh               /bin/zsh
fish              /usr/bin/fish
mandoc            /usr/bin/mandoc
man-db            /usr/bin/man
bsdutils          /usr/bin/script
nftables          /usr/sbin/nft
systemd           /lib/systemd/systemd
"
policy=/usr/sbin/policy-rc.d

missing() {
    echo "$needed" | while read -r package file; do
        if [ -n "$package" ] && [ ! -e "$file" ]; then echo "$package"; fi
    done
}

packages=$(missing)
if [ -n "$packages" ] && [ "$(id -u)" = 0 ] && [ -x /usr/bin/apt-get ]; then
    # No package may start a daemon of its own. An administrator's policy stays as it is.
    if [ ! -e "$policy" ] && [ ! -L "$policy" ]; then
        trap 'rm -f "$policy"' EXIT
        trap 'exit 143' INT TERM HUP
        printf '#!/bin/sh\n# from an interrupted test run of OpsAgent; may be removed\nexit 101\n' >"$policy"
        chmod 755 "$policy"
    fi
    export DEBIAN_FRONTEND=noninteractive
    echo "installing" $packages >&2
    # shellcheck disable=SC2086 # one argument a package
    {
        apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 update &&
            apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $packages
    } >&2
fi
missing
