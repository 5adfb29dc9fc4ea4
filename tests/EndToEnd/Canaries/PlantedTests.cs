using System.Text;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Canaries;

/// <summary>The search for canaries finds one that is planted: in each place, in each form.</summary>
public sealed class PlantedTests : IDisposable
{
    private const string Value = "canary-planted+7f3a/91\"%";

    private readonly TemporaryFolder _folder = new();
    private readonly Canary _canary = new("planted", Value, "lent-to");

    public static TheoryData<string> FormNames => [.. Canary.Forms(Value).Select(static f => f.Form)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(FormNames))]
    public void In_each_form(string form)
    {
        var evidence = new Evidence();
        evidence.Add("log", "a line", $"before {Canary.Forms(Value).First(f => f.Form == form).Text} after");

        Assert.Single(evidence.Hits([_canary]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void In_base64_of_a_text_that_holds_it(int before)
    {
        var evidence = new Evidence();
        evidence.Add("log", "a line", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{new string('u', before)}{Value}:more")));

        Assert.Single(evidence.Hits([_canary]));
    }

    [Theory]
    [InlineData("ledger", "state/deep/ledger.db")]
    [InlineData("ledger", "state/ledger.db-wal")]
    [InlineData("run logs", "state/logs/r.1.log")]
    [InlineData("cache", "tmp/panda-logs/1/2/payload.stdout")]
    [InlineData("failure marker", "tmp/panda-logs/1/2/.error")]
    [InlineData("log", "agent.log")]
    [InlineData("crash output", "state/work/r-1/core.77")]
    public void In_each_file(string place, string file)
    {
        _folder.Write(file, $"{new string('x', 100_000)}{Value}{new string('x', 100)}");
        _folder.Write(file + ".other", "nothing");
        var evidence = new Evidence();
        evidence.AddFolder(place, _folder.Path);

        var hit = Assert.Single(evidence.Hits([_canary]));
        Assert.Equal($"planted in {place}: {_folder.At(file)}", hit);
    }

    [Fact]
    public void In_a_files_name()
    {
        _folder.Write("tmp/canary-name-1234", "");
        var evidence = new Evidence();
        evidence.AddFolder("cache", _folder.Path);

        Assert.Single(evidence.Hits([new Canary("named", "canary-name-1234")]));
    }

    [ServerFact("python3-stomp")]
    public async Task In_a_row_of_a_database_that_is_open_and_not_yet_checkpointed()
    {
        const string Program = """
            import sqlite3, sys
            database = sqlite3.connect(sys.argv[1])
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("CREATE TABLE t (b BLOB)")
            database.execute("INSERT INTO t VALUES (?)", (sys.argv[2].encode(),))
            database.commit()
            print("READY", flush=True)
            sys.stdin.read()
            """;
        await using var database = ChildProcess.Start(
            StompPyEndpoint.Python, ["-c", Program, _folder.At("ledger.db"), Value], new Dictionary<string, string>(), keepInput: true);
        await database.WritesAsync("READY");
        var evidence = new Evidence();
        evidence.AddFolder("ledger", _folder.Path);

        Assert.Contains(evidence.Hits([_canary]), static h => h.EndsWith("-wal", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_an_argument_of_what_the_agent_has_started()
    {
        var evidence = await SampledAsync(_folder.Write("child", "while :; do :; done"), Value, "x");

        Assert.Contains("planted in argv: child", evidence.Hits([_canary]));
    }

    [Fact]
    public async Task In_the_environment_of_a_program_that_it_was_not_lent_to()
    {
        var child = await SampledAsync(_folder.Write("child", "while :; do :; done"), "x", Value);
        var lent = await SampledAsync(_folder.Write("lent-to", "while :; do :; done"), "x", Value);

        Assert.Contains("planted in environment: child", child.Hits([_canary]));
        Assert.DoesNotContain("planted in environment: lent-to", lent.Hits([_canary]));
    }

    private static async Task<Evidence> SampledAsync(string program, string argument, string variable)
    {
        await using var process = ChildProcess.Start(
            "/bin/sh", [program, argument], new Dictionary<string, string> { ["PLANTED"] = variable });
        await using var samples = new ProcessSamples(process.Pid);
        var evidence = new Evidence();
        await Eventually.HoldsAsync(() => samples.Seen.Count > 0, "the process seen");
        evidence.AddProcesses(samples);
        return evidence;
    }
}
