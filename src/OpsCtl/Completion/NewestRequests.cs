using System.Net.Sockets;
using OpsAgent.OpsCtl.Door;
using OpsAgent.OpsCtl.Settings;
using OpsAgent.OpsCtl.Work;

namespace OpsAgent.OpsCtl.Completion;

/// <summary>Requests that somebody at a shell may mean: a few, newest first, from the agent or, while none runs, its ledger file.</summary>
internal static class NewestRequests
{
    private const int Most = 40;

    /// <summary>Longer than an agent that is well needs; about as long as a person waits.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly string?[] Any = [null];

    /// <summary>The states that a command changes, by its name: what has ended can't be cancelled, what is not in doubt not be settled.</summary>
    private static readonly Dictionary<string, string?[]> Changed = new(StringComparer.Ordinal)
    {
        ["cancel"] = ["running", "queued", "starting"],
        ["settle"] = ["doubt"],
        ["retry"] = ["settled"],
    };

    /// <summary>Those that the command may be given; of a command that changes none, all.</summary>
    /// <exception cref="OpsCtlException">Neither can be read.</exception>
    /// <exception cref="OperationCanceledException">Neither answered in time.</exception>
    public static async Task<IReadOnlyList<WorkItem>> OfAsync(
        StateFolder folder, string command, TimeProvider time, CancellationToken cancellationToken)
    {
        var states = Changed.GetValueOrDefault(command, Any);
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);

        // A ledger that is locked is waited for without a look at the token.
        return await Task.Run(() => ReadAsync(folder, states, either.Token), either.Token).WaitAsync(either.Token);
    }

    private static async Task<IReadOnlyList<WorkItem>> ReadAsync(StateFolder folder, string?[] states, CancellationToken cancellationToken)
    {
        if (File.Exists(folder.Socket))
        {
            try
            {
                using var agent = new DoorWorkSource(new DoorClient(folder));
                return await ListAsync(agent, states, cancellationToken);
            }
            catch (NoAgentException)
            {
                // It was killed and left its socket: the ledger tells.
            }
        }

        using var ledger = LedgerWorkSource.Open(
            folder, new NoAgentException(folder.Socket, new SocketException((int)SocketError.ConnectionRefused)));
        return await ListAsync(ledger, states, cancellationToken);
    }

    private static async Task<IReadOnlyList<WorkItem>> ListAsync(IWorkSource source, string?[] states, CancellationToken cancellationToken)
    {
        var found = new List<WorkItem>();
        foreach (var state in states)
        {
            found.AddRange(await source.ListAsync(new WorkFilter(state, MsgType: null, Most), cancellationToken));
        }

        return [.. found.OrderByDescending(static r => r.ReceivedAt).Take(Most)];
    }
}
