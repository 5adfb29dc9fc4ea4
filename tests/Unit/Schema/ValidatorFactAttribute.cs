using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Schema;

/// <summary>A test that asks Python's jsonschema; skipped where it is not installed, also by a run that installs nothing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ValidatorFactAttribute : FactAttribute
{
    private const string Package = "python3-jsonschema";

    public ValidatorFactAttribute() => Skip = ServersHere.Missing(Package)
        ?? (Directory.Exists("/usr/lib/python3/dist-packages/jsonschema") ? null : $"not installed: {Package}");
}
