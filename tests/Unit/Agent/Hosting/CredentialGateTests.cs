using System.Collections;
using System.Diagnostics.CodeAnalysis;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Hosting;
using OpsAgent.Agent.Redaction;
using OpsAgent.Agent.Work.Holds;
using OpsAgent.Capabilities.Credentials;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Unit.Capabilities;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting;

public sealed class CredentialGateTests : IDisposable
{
    private const string Text = """
        [lane.work]
        slots = 2
        [credential.users]
        kind = "userpass"
        env = "USERS"
        [credential.plain]
        env = "PLAIN"
        [capability.act]
        description = "acts"
        lane = "work"
        doer = ["act"]
        timeout = "1s"
        max_hold = "10m"
        credentials = ["users"]
        [capability.beside]
        description = "acts"
        lane = "work"
        doer = ["act"]
        timeout = "1s"
        credentials = ["plain"]
        """;

    private static readonly MsgType Act = new("act");

    private readonly FakeTime _time = new();
    private readonly ManifestInForce _manifest = new(Manifests.Valid(Text));
#pragma warning disable CA2213 // a look that hangs may still be about to see it
    private readonly ManualResetEventSlim _open = new();
#pragma warning restore CA2213
    private readonly SemaphoreSlim _began = new(0);
    private int _looks;

    public void Dispose()
    {
        _open.Set();
        _began.Dispose();
    }

    [Fact]
    public async Task Whatever_a_look_throws_is_a_hold_that_does_not_quote_it()
    {
        var gate = Gate(static () => throw new NotSupportedException("secret"));

        var hold = await Judge(gate);

        Assert.Equal(("credential users (can't be judged: NotSupportedException)", TimeSpan.FromMinutes(10)), (hold!.Reason, hold.MaxHold));
    }

    [Fact]
    public async Task A_look_that_hangs_is_given_up_is_the_only_one_of_its_type_and_nobody_waits_for_it_again()
    {
        var gate = Gate(Hang);
        var asked = Enumerable.Range(0, 20).Select(_ => Judge(gate)).ToList();
        Assert.True(await _began.WaitAsync(Eventually.Limit), "the look begins");
        await Eventually.HoldsAsync(() => _time.ArmedTimers == 20, "all wait for it");
        Assert.All(asked, static a => Assert.False(a.IsCompleted));

        _time.Advance(CredentialGate.Patience);
        Assert.All(await Task.WhenAll(asked), static h => Assert.StartsWith("credentials could not be looked at within 5 s", h!.Reason, StringComparison.Ordinal));
        Assert.True(Judge(gate).IsCompleted, "the next does not wait");
        Assert.Null(await gate.JudgeAsync(new MsgType("beside")));
        Assert.Equal(1, Volatile.Read(ref _looks));

        _open.Set();
        await Eventually.HoldsAsync(
            () => Judge(gate) is { IsCompleted: true, Result: { } hold } && hold.Reason.Contains("USERS is not set", StringComparison.Ordinal),
            "it is looked at again");
    }

    [Fact]
    public async Task A_reload_does_not_wait_for_a_look_by_the_manifest_before()
    {
        var gate = Gate(Hang);
        _ = Judge(gate);
        Assert.True(await _began.WaitAsync(Eventually.Limit), "the look begins");

        _manifest.Manifest = Manifests.Valid(Text);
        _ = Judge(gate);

        Assert.True(await _began.WaitAsync(Eventually.Limit), "another look begins");
    }

    [Fact]
    public async Task Each_credential_of_a_capability_is_judged_each_time_anew()
    {
        using var folder = new TemporaryFolder();
        _manifest.Manifest = Manifests.Valid(
            Text.Replace("""credentials = ["users"]""", """credentials = ["users", "more"]""", StringComparison.Ordinal)
            + "\n[credential.more]\nkind = \"userpass\"\nenv = \"MORE\"\n");
        var environment = new Dictionary<string, string> { ["USERS"] = folder.At("users"), ["MORE"] = folder.At("more") };
        var gate = new CredentialGate(_manifest, new CredentialJudge(environment, null, _time), _time);
        Put("users");

        Assert.StartsWith("credential more (", (await Judge(gate))!.Reason, StringComparison.Ordinal);
        Put("more");
        Assert.Null(await Judge(gate));
        File.Delete(folder.At("users"));
        Assert.StartsWith("credential users (", (await Judge(gate))!.Reason, StringComparison.Ordinal);

        void Put(string name)
        {
            File.WriteAllText(folder.At(name), "reader:secret");
            File.SetUnixFileMode(folder.At(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task The_path_of_a_token_that_is_no_good_is_told_wherever_tokens_are_redacted()
    {
        using var folder = new TemporaryFolder();
        _manifest.Manifest = Manifests.Valid(
            Text.Replace("""credentials = ["users"]""", """credentials = ["panda_token"]""", StringComparison.Ordinal)
            + "\n[credential.panda_token]\nkind = \"oidc_token\"\nenv = \"TOKEN\"\n");
        var token = folder.Write("of-the-panda-client", "opaque", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var gate = new CredentialGate(_manifest, new CredentialJudge(new Dictionary<string, string> { ["TOKEN"] = token }, null, _time), _time);

        var reason = (await Judge(gate))!.Reason;

        Assert.StartsWith($"credential panda_token ({token} ", reason, StringComparison.Ordinal);
        Assert.Equal(reason, Redactor.OfShapes.Text(reason));
        Assert.NotEqual($"panda_token: {token}", Redactor.OfShapes.Text($"panda_token: {token}"));
    }

    private static Task<CredentialHold?> Judge(CredentialGate gate) => gate.JudgeAsync(Act).AsTask();

    private void Hang()
    {
        Interlocked.Increment(ref _looks);
        _began.Release();
        _open.Wait(TimeSpan.FromMinutes(1));
    }

    private CredentialGate Gate(Action look) => new(_manifest, new CredentialJudge(new Variables(look), null, _time), _time);

    /// <summary>An environment without variables, in which each look for one does something before.</summary>
    private sealed class Variables(Action look) : IReadOnlyDictionary<string, string>
    {
        public IEnumerable<string> Keys => [];

        public IEnumerable<string> Values => [];

        public int Count => 0;

        public string this[string key] => throw new KeyNotFoundException(key);

        public bool ContainsKey(string key) => false;

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
        {
            look();
            value = null;
            return false;
        }

        public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => Enumerable.Empty<KeyValuePair<string, string>>().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
