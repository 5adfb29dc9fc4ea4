using Xunit;

namespace OpsAgent.Tests.Support;

/// <summary>A test that mounts a file system of its own: as root only, and it says so elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MountFactAttribute : FactAttribute
{
    public MountFactAttribute(params string[] packages)
    {
        Packages = packages;
        Skip = ServersHere.Missing(packages) ?? (Environment.IsPrivilegedProcess ? null : "mounting a small disk takes root");
    }

    /// <summary>The Debian packages that it needs.</summary>
    public IReadOnlyList<string> Packages { get; }
}
