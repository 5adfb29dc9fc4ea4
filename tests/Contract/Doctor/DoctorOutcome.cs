using System.Text.Json;
using Xunit;

namespace OpsAgent.Tests.Contract.Doctor;

/// <summary>What a run of doctor told.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote, both streams.</param>
public sealed record DoctorOutcome(int ExitCode, string Output)
{
    /// <summary>Its findings.</summary>
    public IReadOnlyList<JsonElement> Findings { get; } = [.. JsonDocument.Parse(Output).RootElement.GetProperty("findings").EnumerateArray()];

    /// <summary>The check and subject of each that is in that state.</summary>
    public IEnumerable<string> Those(string state) => Findings.Where(f => Text(f, "state") == state).Select(static f => $"{Text(f, "check")} {Text(f, "subject")}");

    /// <summary>Holds that exactly this is failed, with such a line and suggestion, and that nothing secret is told.</summary>
    public void Fails(string what, string line, string suggestion)
    {
        Assert.Equal([what], Those("failed"));
        var found = Findings.Single(static f => Text(f, "state") == "failed");
        Assert.Contains(line, Text(found, "line"), StringComparison.Ordinal);
        Assert.Contains(suggestion, Text(found, "suggestion"), StringComparison.Ordinal);
        TellsNoSecret();
    }

    /// <summary>Holds that no secret is in anything it wrote.</summary>
    public void TellsNoSecret()
    {
        Assert.All(DoctorSite.Secrets, s => Assert.DoesNotContain(s, Output, StringComparison.Ordinal));
        Assert.DoesNotContain("MII", Output, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", Output, StringComparison.Ordinal);
    }

    private static string Text(JsonElement finding, string name) => finding.TryGetProperty(name, out var value) ? value.GetString()! : "";
}
