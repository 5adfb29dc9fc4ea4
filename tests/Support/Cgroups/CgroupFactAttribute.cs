using Xunit;

namespace OpsAgent.Tests.Support.Cgroups;

/// <summary>A test that makes a cgroup: as root where one is mounted, and it says so elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CgroupFactAttribute : FactAttribute
{
    /// <param name="packages">The Debian packages that it needs besides.</param>
    public CgroupFactAttribute(params string[] packages)
    {
        Packages = packages;
        Skip = ServersHere.Missing(packages) ?? DelegatedCgroup.Missing();
    }

    /// <summary>The Debian packages that it needs.</summary>
    public IReadOnlyList<string> Packages { get; }
}

/// <summary>The same for a test with cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CgroupTheoryAttribute : TheoryAttribute
{
    public CgroupTheoryAttribute() => Skip = DelegatedCgroup.Missing();
}
