using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Broker;

/// <summary>The transactions that one connection has open. Used under the broker's lock.</summary>
internal sealed class TransactionTable(BrokerCore core)
{
    private readonly Dictionary<string, Transaction> _transactions = [];

    /// <exception cref="FrameRefusedException">It can't be done.</exception>
    public void Begin(StompFrame frame)
    {
        var name = frame.Required(KnownHeaders.Transaction);
        if (_transactions.Count >= core.Limits.MaxTransactions)
        {
            throw new FrameRefusedException($"a connection has at most {core.Limits.MaxTransactions} transactions");
        }

        if (!_transactions.TryAdd(name, new Transaction(core)))
        {
            throw new FrameRefusedException($"the transaction {Printable.Line(name)} has begun already");
        }
    }

    /// <summary>The one that a COMMIT or ABORT frame ends.</summary>
    /// <exception cref="FrameRefusedException">There is none.</exception>
    public Transaction End(StompFrame frame)
    {
        var name = frame.Required(KnownHeaders.Transaction);
        return _transactions.Remove(name, out var transaction) ? transaction : throw None(name);
    }

    /// <summary>The one that a SEND, ACK or NACK frame is part of; null if it is part of none.</summary>
    /// <exception cref="FrameRefusedException">It names one that there is not.</exception>
    public Transaction? Of(StompFrame frame) =>
        frame.Headers.Get(KnownHeaders.Transaction) is not { } name ? null
        : _transactions.TryGetValue(name, out var transaction) ? transaction
        : throw None(name);

    public void AbortAll()
    {
        foreach (var transaction in _transactions.Values)
        {
            transaction.Abort();
        }

        _transactions.Clear();
    }

    private static FrameRefusedException None(string name) => new($"there is no transaction {Printable.Line(name)}");
}
