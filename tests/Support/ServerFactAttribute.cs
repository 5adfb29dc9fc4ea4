using Xunit;

namespace OpsAgent.Tests.Support;

/// <summary>A test that starts real servers. Where their packages are missing and can't be installed it is skipped and says which.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ServerFactAttribute : FactAttribute
{
    /// <param name="packages">The Debian packages that it needs.</param>
    public ServerFactAttribute(params string[] packages)
    {
        Packages = packages;
        Skip = ServersHere.Missing(packages);
    }

    /// <summary>The Debian packages that it needs.</summary>
    public IReadOnlyList<string> Packages { get; }
}

/// <summary>The same for a test with cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ServerTheoryAttribute : TheoryAttribute
{
    /// <param name="packages">The Debian packages that it needs.</param>
    public ServerTheoryAttribute(params string[] packages)
    {
        Packages = packages;
        Skip = ServersHere.Missing(packages);
    }

    /// <summary>The Debian packages that it needs.</summary>
    public IReadOnlyList<string> Packages { get; }
}
