using System.Text;
using System.Text.Json;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Handlers;

public sealed class FailureMarkersTests : IDisposable
{
    private const string Marker = "panda-logs/41/7001/.error";

    private readonly ScratchArea _area = new();

    public void Dispose() => _area.Dispose();

    [Fact]
    public void A_first_failure_makes_the_folder_and_counts_one()
    {
        Assert.Equal(1, _area.Markers.Write(Marker, "ERROR: no \"replica\"", counts: true));

        Assert.Equal(
            """{"attempts":1,"last_error":"ERROR: no \u0022replica\u0022","ts":"2026-01-01T00:00:00.000000\u002B00:00"}""", _area.Text(Marker));
        Assert.Equal("2026-01-01T00:00:00.000000+00:00", Json().GetProperty("ts").GetString());
        Assert.Equal([".error"], _area.Names("panda-logs/41/7001"));
        Assert.Empty(_area.Log.Lines);
    }

    [Fact]
    public void Each_run_counts_one_more_and_what_is_no_run_counts_none()
    {
        Assert.Equal(1, _area.Markers.Write(Marker, "first", counts: true));
        Assert.Equal(2, _area.Markers.Write(Marker, "second", counts: true));
        _area.Clock.Advance(TimeSpan.FromSeconds(90.5));
        Assert.Equal(2, _area.Markers.Write(Marker, "not run: queue full", counts: false));

        var json = Json();
        Assert.Equal(2, json.GetProperty("attempts").GetInt32());
        Assert.Equal("not run: queue full", json.GetProperty("last_error").GetString());
        Assert.Equal("2026-01-01T00:01:30.500000+00:00", json.GetProperty("ts").GetString());
    }

    [Theory]
    [InlineData("{\"attempts\": 2, \"last_error\": \"x\", \"ts\": \"2026-06-01T00:00:00+00:00\"}", 3)]
    [InlineData("{\"attempts\": 2}", 3)]
    [InlineData("{\"last_error\": \"x\"}", 1)]
    [InlineData("{\"attempts\": -5}", 1)]
    [InlineData("{\"attempts\": 2147483647}", 2147483647)]
    [InlineData("{\"attempts\": 1e400}", 1)]
    [InlineData("{\"attempts\": 2.5}", 1)]
    [InlineData("{\"attempts\": \"2\"}", 1)]
    [InlineData("{\"attempts\": 2", 1)]
    [InlineData("[2]", 1)]
    [InlineData("null", 1)]
    [InlineData("", 1)]
    [InlineData("\0\0\0", 1)]
    [InlineData("{\"\\ud800\": 1, \"attempts\": {}}", 1)]
    public void A_former_marker_that_can_not_be_read_counts_as_none(string former, int attempts)
    {
        _area.Put(Marker, former);

        Assert.Equal(attempts, _area.Markers.Write(Marker, "x", counts: true));
        Assert.Equal(attempts, Json().GetProperty("attempts").GetInt32());
    }

    [Fact]
    public void A_former_marker_is_read_up_to_a_limit_only()
    {
        _area.Put(Marker, $"{{\"attempts\": 7, \"last_error\": \"{new string('x', 100_000)}\"}}");

        Assert.Equal(1, _area.Markers.Write(Marker, "x", counts: true));
        Assert.True(new FileInfo(_area.At(Marker)).Length < 1000);
    }

    [Fact]
    public void A_reason_with_anything_in_it_stays_one_json_string()
    {
        const string Reason = "\"}\n\0\u202e é \ud83d\ude00";

        _area.Markers.Write(Marker, Reason, counts: true);

        Assert.Equal(Reason, Json().GetProperty("last_error").GetString());
        Assert.All(File.ReadAllBytes(_area.At(Marker)), static b => Assert.InRange(b, (byte)32, (byte)126));
    }

    [Fact]
    public void A_folder_with_a_complete_log_gets_no_marker()
    {
        _area.Put("panda-logs/41/7001/.done", "payload.stdout\n");

        Assert.Equal(1, _area.Markers.Write(Marker, "x", counts: true));
        Assert.Equal([".done"], _area.Names("panda-logs/41/7001"));
    }

    [Fact]
    public void A_dangling_done_link_is_a_done_too()
    {
        Directory.CreateDirectory(_area.At("panda-logs/41/7001"));
        File.CreateSymbolicLink(_area.At("panda-logs/41/7001/.done"), "/nonexistent");

        _area.Markers.Write(Marker, "x", counts: true);

        Assert.Equal([".done"], _area.Names("panda-logs/41/7001"));
    }

    [Theory]
    [InlineData("panda-logs")]
    [InlineData("panda-logs/41")]
    [InlineData("panda-logs/41/7001")]
    public void No_symbolic_link_leads_out_of_the_scratch_area(string link)
    {
        using var outside = new ScratchArea();
        Directory.CreateDirectory(Path.GetDirectoryName(_area.At(link))!);
        Directory.CreateSymbolicLink(_area.At(link), outside.Root);

        Assert.Equal(1, _area.Markers.Write(Marker, "x", counts: true));

        Assert.Empty(Directory.EnumerateFileSystemEntries(outside.Root));
        Assert.StartsWith($"2301 Warning Failure marker {Marker} not written", Assert.Single(_area.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_marker_that_is_a_symbolic_link_is_replaced_and_never_followed()
    {
        using var outside = new ScratchArea();
        outside.Put("victim", "{\"attempts\": 7}");
        Directory.CreateDirectory(_area.At("panda-logs/41/7001"));
        File.CreateSymbolicLink(_area.At(Marker), outside.At("victim"));

        Assert.Equal(1, _area.Markers.Write(Marker, "x", counts: true));

        Assert.Equal("{\"attempts\": 7}", outside.Text("victim"));
        Assert.Null(new FileInfo(_area.At(Marker)).LinkTarget);
        Assert.Equal(1, Json().GetProperty("attempts").GetInt32());
    }

    [Fact]
    public void The_root_itself_may_be_a_symbolic_link()
    {
        var link = $"{_area.Root}-link";
        Directory.CreateSymbolicLink(link, _area.Root);
        try
        {
            new OpsAgent.Agent.Handlers.FailureMarkers(link, _area.Clock, _area.Log).Write(Marker, "x", counts: true);
        }
        finally
        {
            File.Delete(link);
        }

        Assert.Equal(1, Json().GetProperty("attempts").GetInt32());
    }

    [Fact]
    public void A_root_that_is_not_there_is_logged_and_not_made()
    {
        var missing = _area.At("missing");

        Assert.Equal(1, new OpsAgent.Agent.Handlers.FailureMarkers(missing, _area.Clock, _area.Log).Write(Marker, "x", counts: true));
        Assert.Equal(0, new OpsAgent.Agent.Handlers.FailureMarkers(missing, _area.Clock, _area.Log).Write(Marker, "x", counts: false));

        Assert.False(Directory.Exists(missing));
        Assert.Equal(2, _area.Log.Lines.Count);
    }

    [Fact]
    public void A_file_where_a_folder_belongs_is_logged_and_left()
    {
        _area.Put("panda-logs/41", "a file");

        Assert.Equal(1, _area.Markers.Write(Marker, "x", counts: true));

        Assert.Equal("a file", _area.Text("panda-logs/41"));
        Assert.Single(_area.Log.Lines);
    }

    [Fact]
    public void A_folder_where_the_marker_belongs_is_logged_and_leaves_no_temporary_file()
    {
        Directory.CreateDirectory(_area.At(Marker));

        Assert.Equal(1, _area.Markers.Write(Marker, "x", counts: true));

        Assert.Equal([".error"], _area.Names("panda-logs/41/7001"));
        Assert.Single(_area.Log.Lines);
    }

    [Fact]
    public void Writers_at_once_lose_no_attempt()
    {
        Parallel.For(0, 200, i => _area.Markers.Write(Marker, $"{i}", counts: i % 2 == 0));

        Assert.Equal(100, Json().GetProperty("attempts").GetInt32());
        Assert.Equal([".error"], _area.Names("panda-logs/41/7001"));
    }

    [Fact]
    public async Task A_reader_never_sees_half_a_marker()
    {
        _area.Markers.Write(Marker, "0", counts: true);
        using var done = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            var reads = 0;
            for (; !done.IsCancellationRequested || reads == 0; reads++)
            {
                using var _ = JsonDocument.Parse(File.ReadAllBytes(_area.At(Marker)));
            }

            return reads;
        });

        for (var i = 0; i < 300; i++)
        {
            _area.Markers.Write(Marker, new string('x', i * 50), counts: true);
        }

        await done.CancelAsync();
        Assert.True(await reader > 0);
    }

    private JsonElement Json()
    {
        using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(_area.Text(Marker)));
        return document.RootElement.Clone();
    }
}
