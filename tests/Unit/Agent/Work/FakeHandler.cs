using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Dispatch;

namespace OpsAgent.Tests.Unit.Agent.Work;

/// <summary>A capability whose key is the message's field <c>key</c> and that has an event for each end.</summary>
internal sealed class FakeHandler(string msgType) : IWorkHandler
{
    public MsgType MsgType { get; } = new(msgType);

    public ConcurrentQueue<(RequestId Id, RunResult Result)> Concluded { get; } = new();

    public Func<OpsMessage, Verdict>? OnHandle { get; set; }

    public Func<OpsMessage, RunResult, Conclusion>? OnConclude { get; set; }

    /// <summary>What is done of a request that is held, before nothing is recorded of it.</summary>
    public Func<OpsMessage, Task>? OnHeld { get; set; }

    /// <summary>What requests of this type ask for, but for the key.</summary>
    public WorkRequest Template { get; set; } = new() { Lane = new LaneName("fetch"), Plan = new FakePlan(msgType) };

    public Verdict Handle(OpsMessage message) => OnHandle?.Invoke(message) ?? new Verdict.Work(WorkOf(message));

    public WorkRequest WorkOf(OpsMessage message) =>
        Template with { DedupKey = message.Text("key") is { } key ? new DedupKey(key) : null };

    public async ValueTask<ActionRecord?> HeldAsync(OpsMessage message, string reason, CancellationToken cancellationToken)
    {
        await (OnHeld?.Invoke(message) ?? Task.CompletedTask);
        return null;
    }

    public ValueTask<Conclusion> ConcludeAsync(OpsMessage message, RunResult result, CancellationToken cancellationToken)
    {
        Concluded.Enqueue((message.RequestId, result));
        return ValueTask.FromResult(OnConclude?.Invoke(message, result)
            ?? new Conclusion(result.Outcome, result.Reason, [new CompletionEvent(new MsgType(msgType + "_done"), new JsonObject
            {
                ["ok"] = result.Outcome == Outcome.Ok,
            })]));
    }
}

internal sealed class FakeHandlers(params IHandler[] handlers) : IHandlerSource
{
    public IHandler? Find(MsgType msgType) => Array.Find(handlers, h => h.MsgType == msgType);

    public IReadOnlyList<string> WorkTypes => [.. handlers.Select(static h => h.MsgType.Value).Order(StringComparer.Ordinal)];
}
