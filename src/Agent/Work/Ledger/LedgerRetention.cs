using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>When and how far the writer removes old rows: a few at a time, only when nobody waits for it.</summary>
internal sealed class LedgerRetention(WorkOptions options, TimeProvider time)
{
    /// <summary>Rows that one step removes: some milliseconds' worth.</summary>
    public const int Step = 256;

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly ClockTrust _clock = new(time);
    private long? _postponed;

    /// <summary>Paced by a clock that does not jump; never while the one that dates the rows may be wrong.</summary>
    public bool IsDue => (_postponed is not { } at || time.GetElapsedTime(at) >= Every) && MayForget;

    /// <summary>False while the clock that dates the rows may be wrong: ids that keep work from running twice must not go for that.</summary>
    public bool MayForget => _clock.Look();

    /// <summary>Settled before this moment: forgotten.</summary>
    public long SettledBefore => Now - Milliseconds(Longer(options.Retention, WorkOptions.ShortestRetention));

    /// <summary>Refused before this moment: forgotten.</summary>
    public long RefusedBefore => Now - Milliseconds(options.RefusalRetention);

    /// <summary>What was settled since then is kept whatever room it takes: its ids keep work from running twice.</summary>
    public long NeverBefore => Now - Milliseconds(WorkOptions.ShortestRetention);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Nothing more is due for a minute.</summary>
    public void Postpone() => _postponed = time.GetTimestamp();

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;
}
