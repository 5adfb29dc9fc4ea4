#!/bin/sh
# Boots a systemd of a test's own as pid 1 of private pid, mount, host name, ipc and cgroup namespaces, with the units of FOLDER/units
# alone. Needs root. Everything in it dies with this process.   boot.sh FOLDER
set -eu
folder=$1

if [ "${2:-}" != inside ]; then
    # A cgroup of its own, entered before the namespace is made, so that it is that namespace's root.
    root=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
    if [ -z "$root" ]; then
        root=$folder/cgroup2
        mkdir "$root"
        mount -t cgroup2 none "$root"
    fi
    group=$root/$(basename "$folder")
    mkdir "$group"
    echo "$group" >"$folder/cgroup"
    echo $$ >"$group/cgroup.procs"
    exec unshare --fork --pid --mount --uts --ipc --cgroup --mount-proc --kill-child -- "$0" "$folder" inside
fi

mount --make-rprivate /
mount -t tmpfs -o mode=755,nosuid,nodev none /run
mount -t tmpfs none /sys/fs/cgroup
mount -t cgroup2 none /sys/fs/cgroup
mkdir -p /run/empty /run/systemd
# None of the host's units and generators.
for place in /etc/systemd/system /run/systemd/system /lib/systemd/system-generators /etc/systemd/system-generators \
    /lib/systemd/system-environment-generators; do
    if [ -d "$place" ]; then mount --bind /run/empty "$place"; fi
done
mount --bind "$folder/units" /etc/systemd/system
while read -r source place; do mount --bind "$source" "$place"; done <"$folder/places"
exec env -i container=opsagent-test PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb \
    /lib/systemd/systemd --system --unit=test.target --show-status=no
