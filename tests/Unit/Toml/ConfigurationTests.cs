using Microsoft.Extensions.Configuration;
using OpsAgent.Toml;
using Xunit;

namespace OpsAgent.Tests.Unit.Toml;

public sealed class ConfigurationTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"opsagent-toml-{Guid.NewGuid():N}.toml");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Values_have_flat_keys_and_their_text()
    {
        var configuration = Build("""
            text = " as it is "
            int = 0x1_0
            float = 2.50
            yes = true
            at = 2026-01-31 12:00:00.5+01:00
            local = 2026-01-31 12:00:00
            day = 2026-01-31
            time = 12:00:00
            [lane.fetch]
            slots = [1, [2, 3]]
            [[lane.fetch.on]]
            msg_type = "a"
            [[lane.fetch.on]]
            msg_type = "b"
            """);
        Assert.Equal(
            new Dictionary<string, string?>
            {
                ["text"] = " as it is ",
                ["int"] = "16",
                ["float"] = "2.5",
                ["yes"] = "true",
                ["at"] = "2026-01-31T12:00:00.5+01:00",
                ["local"] = "2026-01-31T12:00:00",
                ["day"] = "2026-01-31",
                ["time"] = "12:00:00",
                ["lane:fetch:slots:0"] = "1",
                ["lane:fetch:slots:1:0"] = "2",
                ["lane:fetch:slots:1:1"] = "3",
                ["lane:fetch:on:0:msg_type"] = "a",
                ["lane:fetch:on:1:msg_type"] = "b",
            },
            configuration.AsEnumerable().Where(static e => e.Value is not null).ToDictionary(static e => e.Key, static e => e.Value));
        Assert.Equal("b", configuration["Lane:Fetch:On:1:Msg_Type"]);
    }

    [Fact]
    public void The_binder_takes_what_the_file_gives()
    {
        var bound = Build("""
            name = 'x'
            slots = 0b100
            ratio = 1e-3
            on = true
            at = 2026-01-31T12:00:00Z
            day = 2026-02-01
            list = ['a', 'b']
            empty = []
            [map]
            k = 1
            """).Get<Options>()!;
        Assert.Equal(("x", 4, 0.001, true), (bound.Name, bound.Slots, bound.Ratio, bound.On));
        Assert.Equal((new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero), new DateOnly(2026, 2, 1)), (bound.At, bound.Day));
        Assert.Equal(["a", "b"], bound.List!);
        Assert.Empty(bound.Empty!);
        Assert.Equal(1, bound.Map!["k"]);
        Assert.Null(bound.Absent);
    }

    [Fact]
    public void An_empty_table_or_array_is_there()
    {
        var configuration = Build("[a]\nt = {}\nl = []");
        Assert.Equal(["l", "t"], configuration.GetSection("a").GetChildren().Select(static s => s.Key));
        Assert.Equal((null, ""), (configuration["a:t"], configuration["a:l"]));
    }

    [Fact]
    public void The_provider_says_where_each_key_was_written()
    {
        var provider = Provider("a = 1\n[b.c]\nd = [\n  2,\n  { e = 3 },\n]\n[[f]]\n");
        Assert.Equal(_path, provider.FilePath);
        (string, string)[] places =
            [("a", "1:1"), ("b", "2:2"), ("B:c", "2:4"), ("b:c:d", "3:1"), ("b:c:d:0", "4:3"), ("b:c:D:1:e", "5:5"), ("f:0", "7:1")];
        foreach (var (key, place) in places)
        {
            Assert.True(provider.TryGetPosition(key, out var position), key);
            Assert.Equal(place, position.ToString());
        }

        Assert.False(provider.TryGetPosition("b:c:d:2", out _));
    }

    [Theory]
    [InlineData("Lane = 1\nlane = 2", "2:1: the configuration key 'lane' was given already at 1:1: ")]
    [InlineData("[Lane]\na = 1\n[lane]\nb = 1", "3:2: the configuration key 'lane' was given already at 1:2: ")]
    [InlineData("a.b = 1\n'a:b' = 2", "2:1: the configuration key 'a:b' was given already at 1:3: ")]
    [InlineData("a = [1]\n'a:0' = 2", "2:1: the configuration key 'a:0' was given already at 1:6: ")]
    [InlineData("a = 1\nb 2", "2:3: expected '=' after the key 'b', found '2'")]
    public void A_file_that_can_not_be_configuration_is_refused_in_place(string document, string message) =>
        Assert.StartsWith($"{_path}:{message}", Assert.Throws<TomlException>(() => Build(document)).Message, StringComparison.Ordinal);

    [Fact]
    public void Only_an_optional_file_may_be_absent()
    {
        var missing = Assert.Throws<FileNotFoundException>(() => new ConfigurationBuilder().AddTomlFile(_path).Build());
        Assert.Equal(_path, missing.FileName);
        Assert.Empty(new ConfigurationBuilder().AddTomlFile(_path, optional: true).Build().AsEnumerable());
        Assert.Empty(new ConfigurationBuilder().AddTomlFile(_path + "/x/y.toml", optional: true).Build().AsEnumerable());
        Assert.Throws<UnauthorizedAccessException>(() => new ConfigurationBuilder().AddTomlFile(Path.GetTempPath(), optional: true).Build());
        File.WriteAllText(_path, "a");
        Assert.Throws<TomlException>(() => new ConfigurationBuilder().AddTomlFile(_path, optional: true).Build());
    }

    [Fact]
    public void A_reload_that_fails_leaves_what_was_read()
    {
        var provider = Provider("a = 1");
        File.WriteAllText(_path, "a = 2\nb");
        Assert.Throws<TomlException>(provider.Load);
        Assert.True(provider.TryGet("a", out var value) && provider.TryGetPosition("a", out _));
        Assert.Equal("1", value);
        File.WriteAllText(_path, "b = 2");
        provider.Load();
        Assert.False(provider.TryGet("a", out _) || provider.TryGetPosition("a", out _));
    }

    [Fact]
    public void A_later_source_overrides_the_file()
    {
        File.WriteAllText(_path, "a = 1\nb = 2");
        var configuration = new ConfigurationBuilder().AddTomlFile(_path).AddInMemoryCollection([new("A", "9")]).Build();
        Assert.Equal(("9", "2"), (configuration["a"], configuration["b"]));
    }

    private IConfigurationRoot Build(string document)
    {
        File.WriteAllText(_path, document);
        return new ConfigurationBuilder().AddTomlFile(_path).Build();
    }

    private TomlConfigurationProvider Provider(string document) =>
        Assert.IsType<TomlConfigurationProvider>(Assert.Single(Build(document).Providers));

    private sealed class Options
    {
        public string? Name { get; set; }

        public int Slots { get; set; }

        public double Ratio { get; set; }

        public bool On { get; set; }

        public DateTimeOffset At { get; set; }

        public DateOnly Day { get; set; }

        public IReadOnlyList<string>? List { get; set; }

        public string[]? Empty { get; set; }

        public IReadOnlyList<string>? Absent { get; set; }

        public Dictionary<string, int>? Map { get; set; }
    }
}
