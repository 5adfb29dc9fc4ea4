using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Control;

/// <summary>What the door shows of work.</summary>
internal sealed class DoorWork(IAgentStatus agent, IWorkView work, IMessageBus bus, TimeProvider time)
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 1000;
    private static readonly string[] States = ["queued", "starting", "running", "doubt", "settled"];

    public async Task<DoorReply> ListAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var state = Parameter(context, "state");
        if (state is not null && !States.Contains(state))
        {
            return DoorReply.Bad($"there is no state '{state}'", $"use one of {string.Join(", ", States)}");
        }

        var limit = DefaultLimit;
        if (Parameter(context, "limit") is { } text && (!int.TryParse(text, out limit) || limit is < 1 or > MaxLimit))
        {
            return DoorReply.Bad($"'{text}' is no limit", $"use a number from 1 to {MaxLimit}");
        }

        var rows = await work.ListAsync(state, Parameter(context, "msg_type"), Parameter(context, "sender"), limit, cancellationToken);
        return DoorReply.Ok(new WorkListAnswer([.. rows.Select(WorkAnswer.Of)]), DoorJson.Default.WorkListAnswer);
    }

    public Task<DoorReply> ShowAsync(HttpContext context, CancellationToken cancellationToken) =>
        WithRowAsync(
            work,
            context,
            row => Task.FromResult(DoorReply.Ok(WorkAnswer.Of(row), DoorJson.Default.WorkAnswer)),
            NotFound,
            cancellationToken);

    public Task<DoorReply> WhyAsync(HttpContext context, CancellationToken cancellationToken) =>
        WithRowAsync(
            work,
            context,
            async row =>
            {
                var around = await AroundAsync(row, cancellationToken);
                if (HasBegun(row) && !work.IsTracked(row.RequestId))
                {
                    // It may have ended just now: then the ledger has it, as a run is let go only after its end is stored.
                    row = await work.FindAsync(row.RequestId, cancellationToken) ?? row;
                    around = around with { IsLost = HasBegun(row) };
                }

                var why = WorkExplanation.Of(row, around);
                var answer = new WhyAnswer(row.RequestId.Value, row.MsgType.Value, row.State, why.Cause, why.Evidence);
                return DoorReply.Ok(answer, DoorJson.Default.WhyAnswer);
            },
            Lost,
            cancellationToken);

    private static bool HasBegun(WorkRow row) => row.State is "starting" or "running";

    private async Task<WorkSurroundings> AroundAsync(WorkRow row, CancellationToken cancellationToken)
    {
        var snapshot = agent.Snapshot();
        var around = new WorkSurroundings(time.GetUtcNow(), AgentState: snapshot.State,
            Paused: snapshot.Paused.FirstOrDefault(p => p.MsgType == row.MsgType), Unheld: Unheld(bus.State),
            Held: snapshot.Holds.FirstOrDefault(h => h.MsgType == row.MsgType));
        if (row.State != "queued")
        {
            return around;
        }

        var queued = await work.ListAsync("queued", null, null, MaxLimit, cancellationToken);
        var running = await work.ListAsync("running", row.MsgType.Value, null, MaxLimit, cancellationToken);
        return around with
        {
            Lane = work.Lanes.Where(l => l.Name.Value == row.Lane).Select(l => (LaneCounts?)l).FirstOrDefault(),

            // The list shows the newest: when it is full, how many are ahead is not known.
            Ahead = queued.Count < MaxLimit ? queued.Count(q => q.Lane == row.Lane && q.ReceivedAt < row.ReceivedAt) : null,
            RunningOfType = running.Count,
        };
    }

    private static async Task<DoorReply> WithRowAsync(
        IWorkView work, HttpContext context, Func<WorkRow, Task<DoorReply>> reply, Func<RequestId, DoorReply> missing, CancellationToken cancellationToken)
    {
        if (!TryId(context, out var id))
        {
            return NoId();
        }

        return await work.FindAsync(id, cancellationToken) is { } row ? await reply(row) : missing(id);
    }

    private static string? Unheld(BusState broker) => !broker.Connected ? "no connection to the broker"
        : broker.Holding.StartsWith("held", StringComparison.Ordinal) ? null
        : broker.Holding.Length > 0 ? broker.Holding : null;

    /// <summary>What is known of a request that the ledger does not have: where it may be instead.</summary>
    private DoorReply Lost(RequestId id)
    {
        var snapshot = agent.Snapshot();
        var broker = bus.State;
        var link = broker.Connected
            ? $"connected to {broker.Endpoint} since {broker.Since:yyyy-MM-dd'T'HH:mm:ss'Z'}"
            : $"not connected to the broker ({broker.LastError})";
        return DoorReply.Error(
            StatusCodes.Status404NotFound,
            $"the ledger has no request {id}: it has not arrived here, came without this id, or is older than what is kept",
            $"the agent is {link}, with {snapshot.HeldDeliveries} deliveries held until the ledger takes them; settled requests are kept "
            + $"{WorkOptions.DefaultRetention.TotalDays:0} days, refused ones a day; by type and time: opsctl work list --type TYPE");
    }

    public static bool TryId(HttpContext context, out RequestId id) =>
        RequestId.TryParse(context.GetRouteValue("id") as string, out id);

    public static string? Parameter(HttpContext context, string name) =>
        context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    public static DoorReply NoId() =>
        DoorReply.Bad("that is no request id", $"an id is at most {RequestId.MaxLength} of A-Z a-z 0-9 . _ : -, not . or ..");

    public static DoorReply NotFound(RequestId id) =>
        DoorReply.Error(
            StatusCodes.Status404NotFound,
            $"the ledger has no request {id}",
            "list what it has: opsctl work list; settled requests are kept for a limited time");
}
