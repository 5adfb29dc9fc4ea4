using OpsAgent.Agent.Launching.Cgroups;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Launching;

public sealed class CgroupPlaceTests
{
    private const string Unit = "/system.slice/epicprod-ops-agent.service";
    private const string Whole = "30 23 0:26 / /sys/fs/cgroup ro,nosuid - cgroup2 cgroup2 rw\n";
    private const string Hybrid =
        "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n41 31 0:38 / /sys/fs/cgroup/unified rw shared:9 master:3 - cgroup2 cgroup2 rw\n";

    [Theory]
    [InlineData($"0::{Unit}\n", Whole, $"/sys/fs/cgroup{Unit}")]
    [InlineData("9:name=systemd:/a\n4:memory:/b\n0::/\n", Hybrid, "/sys/fs/cgroup/unified")]
    [InlineData($"0::{Unit}\n", $"{Whole}50 30 0:26 {Unit} /sys/fs/cgroup{Unit} rw - cgroup2 cgroup2 rw\n", $"/sys/fs/cgroup{Unit}")]
    [InlineData($"0::{Unit}/x\n", $"50 30 0:26 {Unit} /mnt/a\\040b rw - cgroup2 cgroup2 rw\n{Whole}", "/mnt/a b/x")]
    [InlineData("0::/a:b::c\n", Whole, "/sys/fs/cgroup/a:b::c")]
    [InlineData("0::/ab\n", "50 30 0:26 /a /mnt rw - cgroup2 cgroup2 rw\n", null)]
    [InlineData("1:memory:/b\n", Hybrid, null)]
    [InlineData("0::/\n", "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n", null)]
    [InlineData("", "", null)]
    public void It_is_beneath_the_mount_that_shows_it(string membership, string mounts, string? folder) =>
        Assert.Equal(folder, CgroupPlace.Of(membership, mounts));
}
