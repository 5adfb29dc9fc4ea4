using System.Text.Json;
using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.Support.StompPy;

/// <summary>A stomp.py connection in a process of its own, in the hands of a test. Calls come one after another.</summary>
public sealed class StompPyPeer : IAsyncDisposable
{
    private readonly ChildProcess _process = ChildProcess.Start(
        StompPyEndpoint.Python,
        ["-u", Path.Combine(AppContext.BaseDirectory, "StompPy", "stomp_driver.py")],
        new Dictionary<string, string>(),
        keepInput: true);

    private int _commands;
    private int _receipts;

    /// <summary>The process.</summary>
    public ChildProcess Process => _process;

    /// <summary>All that its listener was told, in order.</summary>
    public IReadOnlyList<StompPyEvent> Events => [.. Lines().Where(l => l.TryGetProperty("event", out _)).Select(StompPyEvent.Read)];

    /// <summary>The messages so far.</summary>
    public IReadOnlyList<StompPyEvent> Messages => [.. Events.Where(e => e.Kind == "message")];

    /// <summary>A connected peer.</summary>
    public static async Task<StompPyPeer> ConnectedAsync(int port, string version = "1.2", int heartBeatSend = 0, int heartBeatReceive = 0)
    {
        var peer = new StompPyPeer();
        await peer.ConnectAsync(port, version, heartBeatSend: heartBeatSend, heartBeatReceive: heartBeatReceive);
        return peer;
    }

    /// <summary>Makes a new connection, whatever became of the last one; heart-beats in milliseconds.</summary>
    /// <exception cref="StompPyException">It was not granted.</exception>
    public Task ConnectAsync(int port, string version = "1.2", string? user = null, string? passcode = null, int heartBeatSend = 0, int heartBeatReceive = 0) =>
        DoAsync(new() { ["do"] = "connect", ["port"] = port, ["version"] = version, ["user"] = user, ["passcode"] = passcode, ["heartbeats"] = new[] { heartBeatSend, heartBeatReceive } });

    /// <summary>Sends, and returns with the broker's receipt.</summary>
    public Task SendAsync(string destination, string body, bool contentLength = false, params (string Name, string Value)[] headers) =>
        ConfirmedAsync(new() { ["do"] = "send", ["destination"] = destination, ["body"] = body, ["length"] = contentLength }, headers);

    /// <summary>Sends within a transaction, or what the broker will not confirm: nothing is waited for.</summary>
    public Task SendUnconfirmedAsync(string destination, string body, params (string Name, string Value)[] headers) =>
        DoAsync(new() { ["do"] = "send", ["destination"] = destination, ["body"] = body, ["headers"] = headers.ToDictionary(h => h.Name, h => h.Value) });

    /// <summary>Subscribes, and returns with the broker's receipt.</summary>
    public Task SubscribeAsync(string destination, string id = "1", string ack = "auto", params (string Name, string Value)[] headers) =>
        ConfirmedAsync(new() { ["do"] = "subscribe", ["destination"] = destination, ["id"] = id, ["ack"] = ack }, headers);

    /// <summary>Ends a subscription, and returns with the broker's receipt.</summary>
    public Task UnsubscribeAsync(string id = "1") => ConfirmedAsync(new() { ["do"] = "unsubscribe", ["id"] = id });

    /// <summary>Acks, as the version wants it, and returns with the broker's receipt.</summary>
    public Task AckAsync(StompPyEvent message, string? transaction = null) => AnswerAsync("ack", message, transaction);

    /// <summary>Acks what the broker will not confirm: nothing is waited for.</summary>
    public Task AckUnconfirmedAsync(StompPyEvent message) => DoAsync(new() { ["do"] = "ack", ["message"] = message.Headers });

    /// <summary>Refuses, as the version wants it, and returns with the broker's receipt.</summary>
    public Task NackAsync(StompPyEvent message, string? transaction = null) => AnswerAsync("nack", message, transaction);

    /// <summary>begin, commit or abort; returns with the broker's receipt.</summary>
    public Task TransactAsync(string step, string transaction) => ConfirmedAsync(new() { ["do"] = step, ["transaction"] = transaction });

    /// <summary>Says good-bye; the library waits until the broker has confirmed it.</summary>
    public Task DisconnectAsync() => DoAsync(new() { ["do"] = "disconnect", ["receipt"] = "good-bye" });

    /// <summary>Ends the connection without a word.</summary>
    public Task DropAsync() => DoAsync(new() { ["do"] = "drop" });

    /// <summary>The event of that kind and number, past or to come.</summary>
    public Task<StompPyEvent> SeesAsync(string kind, int number = 1) =>
        Eventually.IsAsync(() => Events.Where(e => e.Kind == kind).Skip(number - 1).FirstOrDefault(), () => $"{kind} {number}; came:\n{_process.Output}");

    /// <summary>The message of that number, past or to come.</summary>
    public Task<StompPyEvent> ReceivesAsync(int number = 1) => SeesAsync("message", number);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task AnswerAsync(string answer, StompPyEvent message, string? transaction)
    {
        var receipt = NextReceipt();
        await DoAsync(new() { ["do"] = answer, ["message"] = message.Headers, ["transaction"] = transaction, ["receipt"] = receipt });
        await ReceiptAsync(receipt);
    }

    private async Task ConfirmedAsync(Dictionary<string, object?> command, params (string Name, string Value)[] headers)
    {
        var receipt = NextReceipt();
        command["headers"] = headers.Append(("receipt", receipt)).ToDictionary(h => h.Item1, h => h.Item2);
        await DoAsync(command);
        await ReceiptAsync(receipt);
    }

    private async Task DoAsync(Dictionary<string, object?> command)
    {
        var number = ++_commands;
        command["number"] = number;
        await _process.TellAsync(JsonSerializer.Serialize(command));
        var answer = await Eventually.IsAsync(
            () => Lines().Where(l => IsAnswer(l, number)).Select(l => (JsonElement?)l).FirstOrDefault() is { } line ? line.ToString() : null,
            () => $"an answer to {command["do"]}; came:\n{_process.Output}");
        if (JsonDocument.Parse(answer).RootElement.TryGetProperty("error", out var error))
        {
            throw new StompPyException(error.GetString()!);
        }
    }

    private Task ReceiptAsync(string receipt) =>
        Eventually.HoldsAsync(() => Events.Any(e => e.Kind == "receipt" && e["receipt-id"] == receipt), () => $"the receipt {receipt}; came:\n{_process.Output}");

    private string NextReceipt() => $"receipt-{++_receipts}";

    private static bool IsAnswer(JsonElement line, int number) =>
        (line.TryGetProperty("done", out var n) || line.TryGetProperty("failed", out n)) && n.GetInt32() == number;

    // A line that is not complete yet has no end, and what the library logs is no JSON.
    private IEnumerable<JsonElement> Lines() =>
        _process.Output.Split('\n').Where(l => l.StartsWith('{')).Select(l => JsonDocument.Parse(l).RootElement);
}
