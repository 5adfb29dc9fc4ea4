using System.Text.Json.Nodes;
using OpsAgent.Tests.Support;

namespace OpsAgent.Tests.Unit.Doers.RucioSnapshot;

/// <summary>Inputs and outputs of the facility's present matching, from the data folder beside the checkout when it is there.</summary>
internal static class GoldenData
{
    private static readonly string Shared =
        Environment.GetEnvironmentVariable("OPSAGENT_SHARED") is { Length: > 0 } shared ? shared : Path.Combine(Repository.Root, "..", "shared");

    /// <summary>The file.</summary>
    public static string File { get; } = Path.GetFullPath(Path.Combine(Shared, "golden", "rucio-matching.json"));

    /// <summary>All vectors; null, which is said, if the file is not there.</summary>
    /// <exception cref="InvalidOperationException">It is not there and has to be: under CI a check without cases would always pass.</exception>
    public static JsonObject? Read(Action<string> say)
    {
        if (System.IO.File.Exists(File))
        {
            return (JsonObject)JsonNode.Parse(System.IO.File.ReadAllText(File))!;
        }

        var missing = $"the vectors are not at {File} (OPSAGENT_SHARED names another place)";
        if (Environment.GetEnvironmentVariable("CI") is "true" or "1")
        {
            throw new InvalidOperationException(missing);
        }

        say($"not run: {missing}");
        return null;
    }
}
