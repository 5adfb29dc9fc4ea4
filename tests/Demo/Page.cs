using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using OpsAgent.Stomp;

namespace OpsAgent.Tests.Demo;

/// <summary>Stands for the monitor's web page: a client of its own that hears what the agent publishes.</summary>
internal sealed class Page : IAsyncDisposable
{
    private const string Events = "/topic/epictopic";
    private const string Settlements = "/topic/epicprod.ops.settled";

    private readonly StompClient _client;
    private readonly Voice _voice;
    private readonly ConcurrentQueue<JsonObject> _heard = new();

    private Page(StompClient client, Voice voice)
    {
        _client = client;
        _voice = voice;
    }

    /// <summary>Opens it; from then on it hears everything.</summary>
    public static async Task<Page> OpenAsync(int port, string user, string password, Voice voice, CancellationToken stop)
    {
        var page = new Page(new StompClient(new StompClientOptions { Endpoints = [new StompEndpoint("127.0.0.1", port)], Login = user, Passcode = password }), voice);
        try
        {
            page._client.Start();
            await page._client.WaitConnectedAsync(stop).WaitAsync(Patience.Limit, TimeProvider.System, stop);
            foreach (var topic in (string[])[Events, Settlements])
            {
                page._client.Subscribe(new StompSubscribeOptions { Destination = topic }, page.Hear);
            }

            // A broker takes a connection's frames in turn: once this is confirmed, the subscriptions are in force.
            await page._client.SendConfirmedAsync(new StompOutgoing { Destination = "/topic/opsagent.demo" }, stop)
                .WaitAsync(Patience.Limit, TimeProvider.System, stop);
            return page;
        }
        catch
        {
            await page.DisposeAsync();
            throw;
        }
    }

    /// <summary>The first message of that type for that request.</summary>
    public Task<JsonObject> HearsAsync(string msgType, string requestId, CancellationToken stop) => Patience.ForAsync(
        () => _heard.FirstOrDefault(m => Text(m, "msg_type") == msgType && Text(m, "request_id") == requestId),
        $"{msgType} for {requestId}",
        stop);

    /// <summary>A member's text; empty if there is none.</summary>
    public static string Text(JsonObject message, string name) => message[name]?.ToString() ?? "";

    public async ValueTask DisposeAsync()
    {
        await _client.DisconnectAsync(TimeSpan.FromSeconds(2));
        await _client.DisposeAsync();
    }

    private static string Subject(JsonObject body) =>
        Text(body, "pandaid") is { Length: > 0 } job ? $" of job {job}" : Text(body, "task_name") is { Length: > 0 } task ? $" of task {task}" : "";

    private ValueTask Hear(StompMessage message)
    {
        var body = JsonNode.Parse(message.Body.Span)!.AsObject();
        _voice.Now(Text(body, "msg_type") == "ops_request_settled"
            ? $"settled: {Text(body, "request_type")} {Text(body, "request_id")}, {Text(body, "outcome")}"
            : $"the page hears {Text(body, "msg_type")}{Subject(body)}");
        _heard.Enqueue(body);
        return ValueTask.CompletedTask;
    }
}
