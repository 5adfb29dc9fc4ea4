using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

/// <summary>opsctl send with a configuration at hand.</summary>
public sealed class ManifestRulesTests : IDisposable
{
    private const string Manifest = """
        [testbed]
        namespace = "prodops"
        [lane.fetch]
        slots = 2
        [capability.fetch_log]
        description = "fetch"
        doer = ["fetch", "--pandaid={pandaid}"]
        timeout = "90s"
        lane = "fetch"
        recovery = "rerun"
        [capability.fetch_log.fields]
        pandaid = { type = "id", required = true }
        count = { type = "int", min = 1, max = 9 }
        force = { type = "flag" }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("manifest");
    private readonly OpsCtlRun _run = new();

    public ManifestRulesTests() => Write(Manifest);

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("fetch_lgo pandaid=5", "the configuration has no capability 'fetch_lgo'; did you mean 'fetch_log'?")]
    [InlineData("shutdwon", "the configuration has no capability 'shutdwon'; did you mean 'shutdown'?")]
    [InlineData("fetch_log", "fetch_log would be rejected: pandaid is required")]
    [InlineData("fetch_log pandaid=", "fetch_log would be rejected: pandaid is required")]
    [InlineData("fetch_log pandaid=x", "fetch_log would be rejected: pandaid must be 1 to 19 digits")]
    [InlineData("fetch_log pandaid=5 count=10", "fetch_log would be rejected: count must be a whole number from 1 to 9")]
    [InlineData("fetch_log pandid=5", "pandaid is required; fetch_log has no field 'pandid'; did you mean 'pandaid'?")]
    public async Task What_the_agent_would_reject_is_told_before_it_is_sent(string line, string message)
    {
        Assert.Equal(64, await _run.RunAsync(["send", .. line.Split(' ')]));

        Assert.Contains(message, _run.Error, StringComparison.Ordinal);
        Assert.Contains("add --no-check", _run.Error, StringComparison.Ordinal);
        Assert.Empty(_run.Bus.Sent);
    }

    [Theory]
    [InlineData("fetch_log pandaid=5")]
    [InlineData("fetch_log pandaid=5 count:=3 force:=true")]
    [InlineData("fetch_log pandaid=5 another=thing")]
    [InlineData("health_ping reply_to=/queue/x")]
    [InlineData("shutdown sender=alice")]
    [InlineData("fetch_lgo pandaid=5 --no-check")]
    [InlineData("fetch_log --no-check")]
    [InlineData("anything namespace=other")]
    [InlineData("anything --namespace other")]
    public async Task Anything_else_is_sent_without_a_word(string line)
    {
        Assert.Equal(0, await _run.RunAsync(["send", .. line.Split(' ')]));

        Assert.Single(_run.Bus.Sent);
        Assert.Equal("", _run.Error);
    }

    [Fact]
    public async Task A_field_that_is_nearly_one_of_the_manifests_is_noted()
    {
        Assert.Equal(0, await _run.RunAsync("send", "fetch_log", "pandaid=5", "forse:=true", "x=1"));

        Assert.Equal("fetch_log has no field 'forse'; did you mean 'force'?\n", _run.Error);
        Assert.Single(_run.Bus.Sent);
    }

    [Fact]
    public async Task A_note_is_json_where_json_is_asked_for()
    {
        Assert.Equal(0, await _run.RunAsync("send", "fetch_log", "pandaid=5", "cuont=1", "-o", "json"));

        Assert.Equal("""{"note":"fetch_log has no field \u0027cuont\u0027; did you mean \u0027count\u0027?"}""" + "\n", _run.Error);
    }

    [Fact]
    public async Task With_mistakes_in_the_configuration_nothing_is_checked_and_that_is_noted()
    {
        Write(Manifest.Replace("slots = 2", "slots = 0", StringComparison.Ordinal));

        Assert.Equal(0, await _run.RunAsync("send", "anything"));

        Assert.StartsWith("the request is not checked: the configuration has mistakes (opsctl capabilities check): ", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_configuration_nothing_is_checked()
    {
        _run.Environment.Remove("OPSAGENT_CONFIG");

        Assert.Equal(0, await _run.RunAsync("send", "anything"));
        Assert.Equal("", _run.Error);
    }

    [Fact]
    public async Task A_configuration_that_is_named_must_be_there()
    {
        Assert.Equal(78, await _run.RunAsync("send", "anything", "--config", "/nowhere.toml"));
        Assert.Contains("there is no configuration at /nowhere.toml", _run.Error, StringComparison.Ordinal);
    }

    private void Write(string text)
    {
        var path = Path.Combine(_folder.FullName, "prodops.toml");
        File.WriteAllText(path, text);
        _run.Environment["OPSAGENT_CONFIG"] = path;
    }
}
