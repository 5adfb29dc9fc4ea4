using OpsAgent.Agent.Events;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>
/// What the writer counts beside the database. It follows the transaction: a rollback takes it back too, so that an
/// operation may be applied again as if for the first time.
/// </summary>
internal sealed class LedgerTally(EventsOptions options)
{
    private readonly Dictionary<string, int> _queued = [];
    private readonly Dictionary<string, int> _change = [];
    private RefusalAllowance _allowance = new(options.RefusalsPerSecond);
    private RefusalAllowance _allowanceBefore = new(options.RefusalsPerSecond);
    private long _depthBefore;

    /// <summary>Rows in the outbox.</summary>
    public long OutboxDepth { get; set; }

    /// <summary>Rows that were dropped in this transaction because the outbox was full.</summary>
    public long CrowdedOut { get; set; }

    /// <summary>True if this transaction puts something into the outbox.</summary>
    public bool OutboxAdded { get; set; }

    /// <summary>True if this transaction changes the outbox.</summary>
    public bool OutboxChanged { get; set; }

    /// <summary>How many of a type wait.</summary>
    public int Queued(string msgType) => _queued.GetValueOrDefault(msgType) + _change.GetValueOrDefault(msgType);

    public void AddQueued(string msgType, int by) => _change[msgType] = _change.GetValueOrDefault(msgType) + by;

    /// <summary>True if a refusal's settlement may be published now; then says how many before it were not.</summary>
    public bool MayPublishRefusal(long now, out int suppressed) => _allowance.TryTake(now, out suppressed);

    public void Begin()
    {
        _change.Clear();
        _allowanceBefore = _allowance;
        _depthBefore = OutboxDepth;
        CrowdedOut = 0;
        OutboxAdded = false;
        OutboxChanged = false;
    }

    public void Commit()
    {
        foreach (var (msgType, by) in _change)
        {
            _queued[msgType] = _queued.GetValueOrDefault(msgType) + by;
        }

        _change.Clear();
    }

    public void Rollback()
    {
        _change.Clear();
        _allowance = _allowanceBefore;
        OutboxDepth = _depthBefore;
    }
}
