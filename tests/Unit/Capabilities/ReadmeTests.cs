using OpsAgent.Capabilities;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities;

public sealed class ReadmeTests
{
    /// <summary>The capability that the README teaches.</summary>
    internal static string Taught
    {
        get
        {
            var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
            var begin = readme.IndexOf("```toml\n", StringComparison.Ordinal) + "```toml\n".Length;
            return readme[begin..readme.IndexOf("```", begin, StringComparison.Ordinal)];
        }
    }

    [Fact]
    public void The_capability_that_the_README_teaches_is_valid_beside_the_shipped_ones()
    {
        var shipped = File.ReadAllText(Path.Combine(Repository.Root, "agents", "prodops.toml"));

        var reading = ManifestReader.Parse($"{shipped}\n{Taught}", "README.md", new Dictionary<string, string>());

        Assert.Empty(reading.Errors);
        Assert.Contains(reading.Manifest!.Capabilities, c => c.MsgType.Value == "archive_log");
    }
}
