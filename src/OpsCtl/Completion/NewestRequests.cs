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
    private static readonly string?[] Open = ["running", "queued", "starting"];

    /// <exception cref="OpsCtlException">Neither can be read.</exception>
    /// <exception cref="OperationCanceledException">Neither answered in time.</exception>
    public static async Task<IReadOnlyList<WorkItem>> OfAsync(
        StateFolder folder, bool onlyOpen, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);

        // A ledger that is locked is waited for without a look at the token.
        return await Task.Run(() => ReadAsync(folder, onlyOpen, either.Token), either.Token).WaitAsync(either.Token);
    }

    private static async Task<IReadOnlyList<WorkItem>> ReadAsync(StateFolder folder, bool onlyOpen, CancellationToken cancellationToken)
    {
        if (File.Exists(folder.Socket))
        {
            try
            {
                using var agent = new DoorWorkSource(new DoorClient(folder));
                return await ListAsync(agent, onlyOpen, cancellationToken);
            }
            catch (NoAgentException)
            {
                // It was killed and left its socket: the ledger tells.
            }
        }

        using var ledger = LedgerWorkSource.Open(
            folder, new NoAgentException(folder.Socket, new SocketException((int)SocketError.ConnectionRefused)));
        return await ListAsync(ledger, onlyOpen, cancellationToken);
    }

    private static async Task<IReadOnlyList<WorkItem>> ListAsync(IWorkSource source, bool onlyOpen, CancellationToken cancellationToken)
    {
        var found = new List<WorkItem>();
        foreach (var state in onlyOpen ? Open : Any)
        {
            found.AddRange(await source.ListAsync(new WorkFilter(state, MsgType: null, Most), cancellationToken));
        }

        return [.. found.OrderByDescending(static r => r.ReceivedAt).Take(Most)];
    }
}
