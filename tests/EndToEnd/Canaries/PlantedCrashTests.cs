using System.Security.Cryptography;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Canaries;

/// <summary>What a crash may leave of a credential is found: in a trace, in the agent's last words, in a core.</summary>
public sealed class PlantedCrashTests : IDisposable
{
    private const string Password = "canary-userpass-7f3a91d2";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ServerFact("python3-stomp")]
    public async Task In_the_trace_of_a_program_that_aborts()
    {
        var users = _folder.Write("users", $"reader:{Password}\n");
        const string Program = """
            import os, sys
            def hook(*what):
                sys.__excepthook__(*what)
                sys.stderr.flush()
                os.abort()
            sys.excepthook = hook
            raise RuntimeError("no login as " + open(sys.argv[1]).read())
            """;
        await using var crash = ChildProcess.Start(
            "/bin/sh", ["-c", "ulimit -c 0; exec \"$@\"", "sh", StompPyEndpoint.Python, "-c", Program, users], new Dictionary<string, string>());
        Assert.Equal(134, await crash.ExitAsync());
        var evidence = new Evidence();
        evidence.Add("crash output", "agent", crash.Output);

        Assert.Equal(["user's password in crash output: agent"], evidence.Hits([new Canary("user's password", Password)]));
    }

    [Theory]
    [InlineData("run logs", "state/logs/r.1.log")]
    [InlineData("ledger", "state/ledger.db-wal")]
    [InlineData("cache", "tmp/panda-logs/1/1/.error")]
    public void A_line_of_a_key_in_a_trace_that_was_kept(string place, string file)
    {
        using var key = RSA.Create(2048);
        var lines = key.ExportPkcs8PrivateKeyPem().Split('\n');
        _folder.Write(file, $"Traceback (most recent call last):\nRuntimeError: no TLS with {lines[12]}\n");
        var evidence = new Evidence();
        evidence.AddFolder(place, _folder.Path);

        Assert.Single(evidence.Hits([new Canary("key", lines[12])]));
        Assert.Empty(evidence.Hits([new Canary("key", lines[13])]));
    }

    [Theory]
    [InlineData("state/core")]
    [InlineData("state/work/r-1/core.77")]
    [InlineData("tmp/coredump.77")]
    [InlineData("tmp/opsagent.core")]
    public void A_core_by_its_name(string file)
    {
        var path = _folder.Write(file, "");

        Assert.Equal([path], Cores.Below(_folder.Path));
    }

    [Fact]
    public void A_core_of_any_name_by_its_header_and_no_program()
    {
        File.WriteAllBytes(_folder.At("dump"), Elf(4));
        File.WriteAllBytes(_folder.At("program"), Elf(3));
        _folder.Write("core-notes.txt", "no core");
        _folder.Write("short", "\u007fELF");

        Assert.Equal([_folder.At("dump")], Cores.Below(_folder.Path));
    }

    private static byte[] Elf(byte type) => [.. "\u007fELF"u8, .. new byte[12], type, 0, .. new byte[100]];
}
