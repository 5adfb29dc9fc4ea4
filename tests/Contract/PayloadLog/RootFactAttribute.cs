using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.Contract.PayloadLog;

/// <summary>A test that needs root, to mount a small disk or to run the doer as somebody else.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() =>
        Skip = Environment.UserName == "root" ? XrootdServer.Missing : "needs root: it mounts a disk or changes the user";
}
