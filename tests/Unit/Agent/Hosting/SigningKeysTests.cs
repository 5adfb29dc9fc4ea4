using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Hosting;
using OpsAgent.Capabilities.Signing;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting;

public sealed class SigningKeysTests : IDisposable
{
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTime _time = new();
    private readonly Recorder _log = new();
    private readonly SigningKeys _keys;

    public SigningKeysTests()
    {
        Directory.CreateDirectory(_folder.At("keys"), Mine | UnixFileMode.UserExecute);
        _keys = new SigningKeys(_folder.At("keys"), _time, _log);
    }

    public void Dispose()
    {
        _keys.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_key_that_is_put_there_replaced_or_taken_away_counts_at_the_next_look()
    {
        Put("old", 'a');
        await _keys.StartAsync(default);
        Assert.Equal((byte?)0xaa, First("old"));

        Put("new", 'b');
        _time.Advance(SigningKeys.Every);
        await Eventually.HoldsAsync(() => First("new") == 0xbb && First("old") == 0xaa, "two keys");

        Put("new", 'c');
        File.Delete(_folder.At("keys", "old.key"));
        _time.Advance(SigningKeys.Every);
        await Eventually.HoldsAsync(() => First("new") == 0xcc && First("old") is null, "the replaced one alone");
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task A_file_that_is_not_acceptable_is_told_once_and_its_key_is_not_there()
    {
        Put("web", 'a');
        File.SetUnixFileMode(_folder.At("keys", "web.key"), Mine | UnixFileMode.OtherRead);
        await _keys.StartAsync(default);
        _keys.Look();

        Assert.Null(First("web"));
        Assert.Equal("the signing key web has mode 0604: at most 0640, better 0600; its signatures are refused", Assert.Single(_log.Lines));
    }

    [Fact]
    public async Task A_folder_that_is_gone_is_told_and_refuses_all()
    {
        Put("web", 'a');
        await _keys.StartAsync(default);
        Directory.Delete(_folder.At("keys"), recursive: true);
        _keys.Look();

        Assert.Null(First("web"));
        Assert.Contains("every signature is refused", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_could_not_be_looked_at_is_as_it_was_at_the_last_look()
    {
        var (web, old) = (new KeyFile("web", Key("web"), null, null), new KeyFile("old", Key("old"), null, null));
        var seen = new KeyFolder(null, [web, old]);
        using var keys = new SigningKeys("/keys", _time, _log, _ => seen);
        await keys.StartAsync(default);

        seen = new KeyFolder("can't be opened: Too many open files", []) { CouldNotLook = true };
        keys.Look();
        Assert.NotNull(keys.Find("web"));
        seen = new KeyFolder(null, [web with { Key = null, Problem = "can't be read", CouldNotLook = true }]);
        keys.Look();
        Assert.NotNull(keys.Find("web"));
        Assert.Null(keys.Find("old"));
        seen = new KeyFolder(null, [web with { Key = null, Problem = "has mode 0604" }]);
        keys.Look();

        Assert.Null(keys.Find("web"));
        Assert.Equal(
            [
                "the folder of signing keys, /keys, can't be opened: Too many open files; what was known at the last look counts",
                "the signing key web can't be read; what was known at the last look counts",
                "the signing key web has mode 0604; its signatures are refused",
            ],
            _log.Lines);
    }

    [Fact]
    public async Task A_folder_that_hangs_does_not_keep_the_agent_from_starting()
    {
        using var answers = new ManualResetEventSlim();
        using var keys = new SigningKeys("/keys", _time, _log, _ =>
        {
            answers.Wait();
            return new KeyFolder(null, [new KeyFile("web", Key("web"), null, null)]);
        });
        var start = keys.StartAsync(default);
        _time.Advance(SigningKeys.Patience);
        await start.WaitAsync(Eventually.Limit);
        Assert.False(keys.Known.IsCompleted);
        Assert.Contains("does not answer", Assert.Single(_log.Lines), StringComparison.Ordinal);

        answers.Set();
        await keys.Known.WaitAsync(Eventually.Limit);
        Assert.NotNull(keys.Find("web"));
    }

    [Fact]
    public async Task Without_a_folder_they_are_off()
    {
        using var off = new SigningKeys("", _time, _log);
        await off.StartAsync(default);

        Assert.False(off.AreOn);
        Assert.True(_keys.AreOn);
    }

    private static SigningKey Key(string id) => new(id, new byte[SigningKey.MinBytes]);

    private byte? First(string id) => _keys.Find(id) is { } key ? key.Secret[0] : null;

    private void Put(string id, char digit)
    {
        var beside = _folder.Write($"{id}.new", new string(digit, 64), Mine);
        File.Move(beside, _folder.At("keys", $"{id}.key"), overwrite: true);
    }

    private sealed class Recorder : ILogger<SigningKeys>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
