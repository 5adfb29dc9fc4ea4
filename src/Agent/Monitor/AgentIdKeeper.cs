using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Monitor;

/// <summary>
/// Gets the agent its id. A start waits for the monitor only when no id is kept yet, and only so long; then the answer is asked
/// for in the background and used from the next start on, since an agent's name never changes while it runs.
/// </summary>
internal sealed partial class AgentIdKeeper(
    MonitorOptions options, MonitorClient client, AgentIdFile file, TimeProvider time, ILogger<AgentIdKeeper> logger)
{
    /// <summary>The longest that the very first start waits for the monitor.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The kept id, else the monitor's if it comes in time; null: none yet.</summary>
    public async Task<string?> AtStartAsync(CancellationToken cancellationToken)
    {
        if (file.Read() is { } kept)
        {
            return kept;
        }

        var (reply, id) = await AgentIdQuestion.AskAsync(client, Patience, cancellationToken);
        if (id is null)
        {
            LogNoIdYet(Problem(reply));
            return null;
        }

        Keep(id);
        return id;
    }

    /// <summary>Asks until there is an id, or until the monitor refuses to give one; at once done if one is kept.</summary>
    public async Task KeepOneAsync(CancellationToken cancellationToken)
    {
        if (!options.AsksForId || file.Read() is not null)
        {
            return;
        }

        string? id = null;
        var retry = MonitorRetry.Build(time, static (_, _) => true, static (_, _) => { });
        var last = await retry.ExecuteAsync(
            async token =>
            {
                (var reply, id) = await AgentIdQuestion.AskAsync(client, options.CallTimeout, token);
                return reply;
            },
            cancellationToken);
        if (id is null)
        {
            LogRefused(Problem(last));
            return;
        }

        LogIdForNextStart(id);
        Keep(id);
    }

    private string Problem(MonitorReply reply) =>
        reply.IsDone ? $"{options.Api} gives no agent_id that can be used" : reply.Problem(options.Api);

    private void Keep(string id)
    {
        try
        {
            file.Write(id);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotKept(e, id);
        }
    }

    [LoggerMessage(5201, LogLevel.Warning,
        "no agent id from the monitor yet ({Problem}); the agent starts under its provisional name and asks on")]
    private partial void LogNoIdYet(string problem);

    [LoggerMessage(5202, LogLevel.Information, "the monitor gave the id {Id}; the agent is called by it from its next start on")]
    private partial void LogIdForNextStart(string id);

    [LoggerMessage(5203, LogLevel.Error, "the monitor gives this agent no id, and is not asked again: {Problem}")]
    private partial void LogRefused(string problem);

    [LoggerMessage(5204, LogLevel.Error, "the id {Id} could not be kept; the next start asks for another")]
    private partial void LogNotKept(Exception error, string id);
}
