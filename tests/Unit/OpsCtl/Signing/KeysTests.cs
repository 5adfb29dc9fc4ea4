using OpsAgent.Capabilities.Signing;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Signing;

public sealed class KeysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly OpsCtlRun _run = new();

    public KeysTests() => _run.Environment["OPSAGENT_KEYS_DIR"] = Path;

    private string Path => _folder.At("keys");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_key_is_random_whole_and_its_owners_alone()
    {
        Assert.Equal(0, await _run.RunAsync("keys", "new", "web-2026"));
        Assert.Equal(0, await new OpsCtlRun().RunAsync("keys", "new", "web-2027", "--keys-dir", Path));

        var text = await File.ReadAllTextAsync($"{Path}/web-2026.key");
        Assert.Matches("^[0-9a-f]{64}\n$", text);
        Assert.NotEqual(text, await File.ReadAllTextAsync($"{Path}/web-2027.key"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode($"{Path}/web-2026.key"));
        Assert.DoesNotContain(text.Trim(), _run.Out + _run.Error, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFileSystemEntries(Path).Length);
    }

    [Fact]
    public async Task A_key_that_is_there_is_never_replaced()
    {
        await _run.RunAsync("keys", "new", "web");
        var before = await File.ReadAllTextAsync($"{Path}/web.key");

        Assert.Equal(1, await _run.RunAsync("keys", "new", "web"));

        Assert.Contains("there is a key web already", _run.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync($"{Path}/web.key"));
        Assert.Single(Directory.GetFileSystemEntries(Path));
    }

    [Theory]
    [InlineData("../web")]
    [InlineData("Web")]
    [InlineData(".web")]
    public async Task An_id_that_is_none_is_refused(string id)
    {
        Assert.Equal(64, await _run.RunAsync("keys", "new", id));
        Assert.False(Directory.Exists(Path));
    }

    [Fact]
    public async Task The_list_says_what_is_wrong_and_never_what_the_key_is()
    {
        await _run.RunAsync("keys", "new", "good");
        await _run.RunAsync("keys", "new", "open");
        File.SetUnixFileMode($"{Path}/open.key", (UnixFileMode)Convert.ToInt32("0644", 8));
        var list = new OpsCtlRun();

        Assert.Equal(1, await list.RunAsync("keys", "list", "--keys-dir", Path));

        Assert.Matches("good\t[^\t]+\tnone\n", list.Out);
        Assert.Matches("open\t[^\t]+\thas mode 0644: at most 0640, better 0600\n", list.Out);
        Assert.DoesNotContain((await File.ReadAllTextAsync($"{Path}/good.key")).Trim(), list.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_folder_it_says_how_to_name_one()
    {
        var list = new OpsCtlRun();
        Assert.Equal(78, await list.RunAsync("keys", "list"));
        Assert.Contains("--keys-dir", list.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_sent_is_signed_anew_for_the_queue_that_it_goes_to()
    {
        await _run.RunAsync("keys", "new", "web");

        Assert.Equal(0, await _run.RunAsync("send", "x", "--sign", "web", "--queue", "/queue/other"));
        Assert.Equal(0, await _run.RunAsync("shutdown", "--yes", "--sign", "web"));
        Assert.Equal(0, await _run.RunAsync("enqueue", "x", "--sign", "web"));
        Assert.Equal(0, await _run.RunAsync("send", "x"));

        Assert.Null(_run.Bus.Sent[3].Signer);
        foreach (var sent in _run.Bus.Sent.Take(3))
        {
            var first = sent.Signer!.Sign(sent, DateTimeOffset.UnixEpoch.AddDays(1)).ToDictionary();
            var second = sent.Signer!.Sign(sent, DateTimeOffset.UnixEpoch.AddDays(1)).ToDictionary();
            var key = KeyFolder.Read(Path).Find("web")!;
            Assert.Equal(("web", "86400"), (first["ops-key"], first["ops-time"]));
            Assert.NotEqual(first["ops-nonce"], second["ops-nonce"]);
            Assert.Equal(
                Convert.ToHexStringLower(RequestSignature.Compute(key.Secret, "web", sent.Destination, "86400", first["ops-nonce"], sent.Body.Span)),
                first["ops-mac"]);
        }
    }

    [Fact]
    public async Task A_key_that_can_not_be_used_is_told_and_nothing_is_sent()
    {
        await _run.RunAsync("keys", "new", "web");
        File.SetUnixFileMode($"{Path}/web.key", (UnixFileMode)Convert.ToInt32("0604", 8));

        Assert.Equal(78, await _run.RunAsync("send", "x", "--sign", "web"));
        Assert.Equal(78, await _run.RunAsync("send", "x", "--sign", "gone"));

        Assert.Contains("has mode 0604", _run.Error, StringComparison.Ordinal);
        Assert.Contains("there is no key gone", _run.Error, StringComparison.Ordinal);
        Assert.Empty(_run.Bus.Sent);
    }
}
