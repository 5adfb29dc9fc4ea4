using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OpsAgent.Agent.Handlers;
using OpsAgent.Agent.Monitor;
using OpsAgent.Tests.Support;

namespace OpsAgent.Tests.Unit.Agent.Monitor;

/// <summary>A monitor in memory: keeps what is asked, and answers as a test wants.</summary>
internal sealed class FakeMonitor : HttpMessageHandler
{
    public const string Url = "https://monitor.test/swf-monitor";

    public ConcurrentQueue<(string Path, JsonNode? Body, string? Token)> Calls { get; } = new();

    /// <summary>The answer to the nth call, from 1 on; null hangs.</summary>
    public Func<int, (int Status, string Text)?> Answer { get; set; } = static _ => (201, "{}");

    /// <summary>A slow monitor: what is asked is answered once this has completed.</summary>
    public Task Until { get; set; } = Task.CompletedTask;

    public static MonitorOptions Options { get; } = new() { Api = Url, Streams = Url, Token = "t", AsksForId = true };

    public static AgentIdentity Identity { get; } =
        new("prodops-agent-eic-7", "prodops", 4711, "0.1.0", DateTimeOffset.UnixEpoch, 0);

    public int Count => Calls.Count;

    public MonitorClient Client(TimeProvider time) => new(Options, time, this);

    public IReadOnlyList<JsonObject> Bodies => [.. Calls.Select(static c => c.Body!.AsObject())];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var text = await request.Content!.ReadAsStringAsync(cancellationToken);
        Calls.Enqueue((
            request.RequestUri!.AbsolutePath,
            text.Length == 0 ? null : JsonNode.Parse(text),
            request.Headers.TryGetValues("Authorization", out var values) ? values.Single() : null));
        await Until.WaitAsync(cancellationToken);
        if (Answer(Calls.Count) is not var (status, answer))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException("it was to hang");
        }

        return status == 0
            ? throw new HttpRequestException("refused")
            : new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(answer, Encoding.UTF8, "application/json") };
    }
}

/// <summary>Moves a clock on while others act on it.</summary>
internal static class Turning
{
    /// <summary>Moves by steps, each as soon as somebody waits for the clock, until the condition holds.</summary>
    public static Task UntilAsync(this FakeTime time, TimeSpan step, Func<bool> condition, string what) =>
        Eventually.HoldsAsync(
            () =>
            {
                if (condition())
                {
                    return true;
                }

                if (time.ArmedTimers > 0)
                {
                    time.Advance(step);
                }

                return condition();
            },
            what);
}
