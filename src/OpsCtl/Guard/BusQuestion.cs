using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpsAgent.OpsCtl.Bus;
using OpsAgent.OpsCtl.Send;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Guard;

/// <summary>
/// Pings the agent, and if nothing comes sends itself a message the same way, to tell a silent agent from a silent broker.
/// </summary>
internal sealed class BusQuestion(IOpsBus bus, BrokerSettings broker, TimeSpan patience, Surroundings surroundings)
{
    private const string OwnType = "guard_echo";
    private readonly TaskCompletionSource<string> _pong = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _own = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <exception cref="OpsCtlException">The broker did not take the messages.</exception>
    public async Task<BusAnswer> AskAsync(CancellationToken cancellationToken)
    {
        var replyTo = $"/queue/epicprod.ops.pong.{surroundings.HostName}.{Environment.ProcessId}.{Guid.NewGuid().ToString("N")[..8]}";
        await using var subscription = bus.Subscribe(replyTo, Take);
        var lifetime = patience + TimeSpan.FromMinutes(1);
        var ping = new JsonObject { ["msg_type"] = "health_ping", ["namespace"] = broker.Namespace, ["reply_to"] = replyTo };
        await bus.SendAsync(new BusRequest(broker.Queue, RequestBody.ToUtf8(ping), lifetime), cancellationToken);
        if (await CameAsync(_pong.Task, cancellationToken) is { } pong)
        {
            return new BusAnswer(pong, OwnCameBack: true);
        }

        var echo = RequestBody.ToUtf8(new JsonObject { ["msg_type"] = OwnType });
        await bus.SendAsync(new BusRequest(replyTo, echo, lifetime), cancellationToken);
        var own = await CameAsync(_own.Task, cancellationToken);

        // One that came late came.
        return new BusAnswer(_pong.Task.IsCompletedSuccessfully ? await _pong.Task : null, own is not null);
    }

    private async Task<string?> CameAsync(Task<string> message, CancellationToken cancellationToken)
    {
        try
        {
            return await message.WaitAsync(patience, surroundings.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Whatever is not the guard's own is a pong, as the present cleaner takes it.</summary>
    private void Take(BusMessage message)
    {
        var text = Encoding.UTF8.GetString(message.Body.Span);
        (IsOwn(text) ? _own : _pong).TrySetResult(text);
    }

    private static bool IsOwn(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("msg_type", out var type) && type.ValueEquals(OwnType);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}

/// <param name="Pong">What the agent answered; null if it did not.</param>
/// <param name="OwnCameBack">True if the broker passes messages on.</param>
internal readonly record struct BusAnswer(string? Pong, bool OwnCameBack);
