using OpsAgent.OpsCtl.CommandLine;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Completion;

public sealed class CompletionTests : IDisposable
{
    private const string Manifest = """
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
        kind = { type = "enum", values = ["big", "small"] }
        force = { type = "flag" }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("completion");
    private readonly OpsCtlRun _run = new();

    public CompletionTests() => _run.Environment["OPSAGENT_CONFIG"] = Write("agent.toml", Manifest);

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(CommandTreeTests.Paths), MemberType = typeof(CommandTreeTests))]
    public async Task Every_command_is_offered_with_what_it_does(string path)
    {
        foreach (var command in CommandTreeTests.Find(path).Subcommands.Where(c => !c.Hidden))
        {
            var offered = await CompletionRun.WordsAsync(_run, [.. Words(path), ""]);
            var (_, description) = Assert.Single(offered, o => o.Word == command.Name);
            Assert.StartsWith(description.Replace("...", "", StringComparison.Ordinal), command.Description, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(CommandTreeTests.Paths), MemberType = typeof(CommandTreeTests))]
    public async Task Every_option_is_offered_where_it_is_taken(string path)
    {
        var command = CommandTreeTests.Find(path);
        var offered = (await CompletionRun.WordsAsync(_run, [.. Words(path), "-"])).Select(o => o.Word).ToList();

        var options = CommandTree.OwnOptionsOf(command).Concat(CommandTree.SharedOptionsOf(command)).ToList();
        Assert.True(options.Count > 10);
        Assert.All(options, o => Assert.Contains(o.Name, offered));
        Assert.Contains("-o", offered);
    }

    [Theory]
    [InlineData("status -o", "text json")]
    [InlineData("-o", "text json")]
    [InlineData("work list --state", "doubt queued running settled starting")]
    [InlineData("work list --type", "refresh")]
    [InlineData("send", "refresh")]
    [InlineData("capabilities show", "refresh")]
    [InlineData("send refresh", "name= kind= force=")]
    [InlineData("send refresh --wait name=x", "kind= force=")]
    [InlineData("send refresh kind:=1 --timeout 5s", "name= force=")]
    [InlineData("send -- refresh", "name= kind= force=")]
    [InlineData("send unknown", "")]
    [InlineData("completion", "bash fish zsh")]
    [InlineData("man", "ping send watch capabilities capability status top work logs reload shutdown enqueue keys guard doctor completion man")]
    [InlineData("man work", "list show why cancel settle retry")]
    [InlineData("man nothing", "")]
    [InlineData("work list --", "")]
    [InlineData("work nonsense", "")]
    [InlineData("work show", "")]
    [InlineData("ping --count", "")]
    public async Task What_may_follow_is_offered(string before, string expected) =>
        Assert.Equal(expected, string.Join(' ', (await CompletionRun.WordsAsync(_run, [.. Words(before), ""])).Select(o => o.Word)));

    [Theory]
    [InlineData("work list --state=", "--state=doubt --state=queued --state=running --state=settled --state=starting")]
    [InlineData("--output=t", "--output=text --output=json")]
    [InlineData("send refresh name=", "")]
    [InlineData("--no-such-option=", "")]
    [InlineData("status --tls=", "")]
    public async Task A_value_may_be_written_into_its_option(string line, string expected) =>
        Assert.Equal(expected, string.Join(' ', (await CompletionRun.WordsAsync(_run, Words(line))).Select(o => o.Word)));

    [Theory]
    [InlineData("--config", "files")]
    [InlineData("status --config", "files")]
    [InlineData("send refresh --json", "files")]
    [InlineData("capabilities check", "files")]
    [InlineData("--state-dir", "folders")]
    [InlineData("man --all", "folders")]
    public async Task Paths_are_left_to_the_shell(string before, string expected)
    {
        Assert.Equal([expected], await CompletionRun.AskAsync(_run, ["__complete", "zsh", "--", .. Words(before), ""]));
        Assert.Equal([expected], await CompletionRun.AskAsync(_run, ["__complete", "bash", "--", $"opsctl {before} ", ""]));
    }

    [Fact]
    public async Task An_option_is_offered_once_and_first_when_nothing_else_can_follow()
    {
        var offered = (await CompletionRun.WordsAsync(_run, "ping", "--interval", "1s", "")).Select(o => o.Word).ToList();
        Assert.Contains("--count", offered);
        Assert.Contains("-c", offered);
        Assert.DoesNotContain("--interval", offered);
        Assert.DoesNotContain("--version", offered);
    }

    [Fact]
    public async Task Fields_and_types_are_described()
    {
        Assert.Equal([("refresh", "refresh something")], await CompletionRun.WordsAsync(_run, "send", ""));
        Assert.Equal(
            [("name=", "text(20), required"), ("kind=", "enum(big, small)"), ("force=", "flag")],
            await CompletionRun.WordsAsync(_run, "send", "refresh", ""));
    }

    [Fact]
    public async Task The_line_itself_names_the_configuration_also_below_the_home_folder()
    {
        _run.Environment.Clear();
        _run.HomeFolder = _folder.FullName;
        Write("other.toml", Manifest.Replace("refresh", "renew", StringComparison.Ordinal));

        Assert.Equal("renew", (await CompletionRun.WordsAsync(_run, "send", "--config", "~/other.toml", "")).Single().Word);
    }

    [Theory]
    [InlineData("opsctl pi", "pi", "ping")]
    [InlineData("opsctl wor", "wor", "work")]
    [InlineData("opsctl 'pi", "pi", "ping")]
    [InlineData("opsctl send refresh na", "na", "name=")]
    [InlineData("opsctl -o t", "t", "text")]
    [InlineData("opsctl --output=t", "t", "text")] // bash breaks words at =
    [InlineData("opsctl --output=t", "--output=t", "--output=text")] // unless somebody has changed that
    [InlineData("opsctl --output=", "", "text json")]
    [InlineData("opsctl nothing", "nothing", "")]
    public async Task Bash_is_told_only_what_is_to_be_put_in(string line, string replaced, string expected)
    {
        var answer = await CompletionRun.AskAsync(_run, "__complete", "bash", "--", line, replaced);
        Assert.Equal("words", answer[0]);
        Assert.Equal(expected, string.Join(' ', answer.Skip(1)));
    }

    [Theory]
    [InlineData("this is no TOML")]
    [InlineData("[capability.refresh]\ndoer = 5")]
    [InlineData(null)]
    public async Task A_configuration_that_cant_be_read_offers_nothing_and_says_nothing(string? text)
    {
        _run.Environment["OPSAGENT_CONFIG"] = text is null ? "/nowhere/agent.toml" : Write("agent.toml", text);
        Assert.Empty(await CompletionRun.WordsAsync(_run, "send", ""));
    }

    [Fact]
    public async Task A_description_of_a_manifest_can_do_nothing()
    {
        _run.Environment["OPSAGENT_CONFIG"] = Write("agent.toml", Manifest.Replace(
            "\"refresh something\"", "\"x\\u001b]0;y\\u0007 \\u202e `id` $(id)\\n\\tz\"", StringComparison.Ordinal));

        var (word, description) = Assert.Single(await CompletionRun.WordsAsync(_run, "send", ""));
        Assert.Equal("refresh", word);
        Assert.Equal(@"x\u001b]0;y\u0007 \u202e `id` $(id)\u000a\u0009z", description);
    }

    [Theory]
    [InlineData("capability.refresh", "capability.\"$(id)\"")]
    [InlineData("force =", "\"$(id)\" =")]
    public async Task A_name_of_a_manifest_that_is_more_than_letters_is_not_offered(string name, string hostile)
    {
        _run.Environment["OPSAGENT_CONFIG"] = Write("agent.toml", Manifest.Replace(name, hostile, StringComparison.Ordinal));

        Assert.Empty(await CompletionRun.WordsAsync(_run, "send", ""));
        Assert.Empty(await CompletionRun.WordsAsync(_run, "send", "refresh", ""));
        Assert.Empty(await CompletionRun.WordsAsync(_run, "send", "$(id)", ""));
    }

    [Theory]
    [InlineData("bash", "complete -o nosort -F _opsctl opsctl")]
    [InlineData("zsh", "#compdef opsctl\n")]
    [InlineData("fish", "complete -c opsctl")]
    public async Task A_script_is_printed_with_where_to_put_it(string shell, string line)
    {
        Assert.Equal(0, await _run.RunAsync("completion", shell));
        Assert.Contains(line, _run.Out, StringComparison.Ordinal);
        Assert.Contains($"opsctl completion {shell} > ", _run.Out, StringComparison.Ordinal);
        Assert.Contains("__complete", _run.Out, StringComparison.Ordinal);

        var json = new OpsCtlRun();
        Assert.Equal(0, await json.RunAsync("completion", shell, "-o", "json"));
        Assert.Equal(shell, json.Json.GetProperty("shell").GetString());
        Assert.Equal(_run.Out, json.Json.GetProperty("script").GetString());
    }

    [Fact]
    public async Task Another_shell_is_refused_with_those_that_there_are()
    {
        Assert.Equal(64, await _run.RunAsync("completion", "tcsh"));
        Assert.Contains("fish", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_that_scripts_call_is_not_shown()
    {
        Assert.Equal(0, await _run.RunAsync("--help"));
        Assert.DoesNotContain("__complete", _run.Out, StringComparison.Ordinal);
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
