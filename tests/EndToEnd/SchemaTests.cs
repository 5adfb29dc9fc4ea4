using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

public sealed class SchemaTests
{
    [Fact]
    public async Task The_published_agent_prints_the_schema_that_lies_beside_its_manifest_whatever_its_configuration_is()
    {
        await using var agent = ChildProcess.Start(
            Deployment.Agent, ["--print-schema", "--config", "/nowhere/prodops.toml"], new Dictionary<string, string>());

        Assert.Equal(0, await agent.ExitAsync());
        var beside = await File.ReadAllTextAsync(Path.Combine(Deployment.Folder, "agents", "prodops.schema.json"));
        Assert.Equal(beside.TrimEnd(), agent.Output.TrimEnd());
    }
}
