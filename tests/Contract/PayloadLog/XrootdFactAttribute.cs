using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.Contract.PayloadLog;

/// <summary>A test that needs a real xrootd, and says so where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class XrootdFactAttribute : FactAttribute
{
    public XrootdFactAttribute() => Skip = XrootdServer.Missing;
}
