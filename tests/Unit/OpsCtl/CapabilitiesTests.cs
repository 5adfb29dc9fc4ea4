using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

public sealed class CapabilitiesTests : IDisposable
{
    internal const string Good = """
        [lane.fetch]
        slots = 2

        [capability.refresh]
        description = "refresh something"
        doer = ["refresh", "--name={name}"]
        timeout = "90s"
        lane = "fetch"
        recovery = "rerun"

        [capability.refresh.fields]
        name = { type = "text", max = 20, required = true }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("manifest");
    private readonly OpsCtlRun _run = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_list_in_a_pipe_is_one_line_a_capability()
    {
        _run.Environment["OPSAGENT_CONFIG"] = Write(Good);

        Assert.Equal(0, await _run.RunAsync("capabilities", "list"));
        Assert.Equal("refresh\tfetch\t90 s\trerun\trefresh something", Assert.Single(_run.Lines));
    }

    [Fact]
    public async Task Show_as_json_has_fields_and_limits()
    {
        Assert.Equal(0, await _run.RunAsync("capabilities", "show", "refresh", "--config", Write(Good), "-o", "json"));

        Assert.Equal(90, _run.Json.GetProperty("timeout_s").GetDouble());
        Assert.Equal("""{"name":"name","type":"text(20)","required":true}""", _run.Json.GetProperty("fields")[0].GetRawText());
    }

    [Fact]
    public async Task An_unknown_capability_exits_with_1_and_names_those_that_are_there()
    {
        Assert.Equal(1, await _run.RunAsync("capabilities", "show", "refrehs", "--config", Write(Good)));
        Assert.Contains("there are: refresh", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_good_manifest_passes_the_check() => Assert.Equal(0, await _run.RunAsync("capabilities", "check", Write(Good)));

    [Fact]
    public async Task Every_mistake_is_told_with_file_line_and_column()
    {
        var file = Write(Good.Replace("slots = 2", "slots = \"two\"", StringComparison.Ordinal).Replace("\"90s\"", "\"soon\"", StringComparison.Ordinal));

        Assert.Equal(78, await _run.RunAsync("capabilities", "check", file));

        Assert.Contains(_run.Lines, l => l.StartsWith($"{file}:2:", StringComparison.Ordinal));
        Assert.Contains(_run.Lines, l => l.StartsWith($"{file}:7:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_check_as_json_lists_every_mistake()
    {
        Assert.Equal(78, await _run.RunAsync("capabilities", "check", Write("x = "), "-o", "json"));

        Assert.False(_run.Json.GetProperty("ok").GetBoolean());
        Assert.Equal(1, _run.Json.GetProperty("errors")[0].GetProperty("line").GetInt32());
    }

    [Fact]
    public async Task A_file_that_is_not_there_exits_with_78()
    {
        Assert.Equal(78, await _run.RunAsync("capabilities", "check", "/nowhere/prodops.toml"));
        Assert.Equal(78, await _run.RunAsync("capabilities", "list"));
    }

    private string Write(string text)
    {
        var path = Path.Combine(_folder.FullName, "prodops.toml");
        File.WriteAllText(path, text);
        return path;
    }
}
