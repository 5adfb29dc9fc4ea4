using System.ComponentModel.DataAnnotations;

namespace OpsAgent.Agent.Work;

/// <summary>Where work is kept, how long, and how much of it runs at once.</summary>
internal sealed class WorkOptions
{
    /// <summary>Settled rows are kept at least so long, whatever is configured: their ids are what keeps work from running twice.</summary>
    public static readonly TimeSpan ShortestRetention = TimeSpan.FromDays(7);

    /// <summary>How long settled rows are kept unless it is configured.</summary>
    public static readonly TimeSpan DefaultRetention = TimeSpan.FromDays(30);

    /// <summary>The folder of <c>ledger.db</c>; made with mode 0700 if it is missing.</summary>
    [Required]
    public string StateDirectory { get; set; } = "";

    /// <summary>Slots by lane. A lane that work names and that is missing here gets one slot.</summary>
    public Dictionary<string, int> Lanes { get; set; } = [];

    /// <summary>How long settled rows, and so the ids of requests and deliveries, are kept; never under 7 days.</summary>
    public TimeSpan Retention { get; set; } = DefaultRetention;

    /// <summary>How long a refused or skipped delivery is remembered.</summary>
    public TimeSpan RefusalRetention { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How many refused and skipped deliveries are remembered; the oldest are forgotten first.</summary>
    [Range(1, 10_000_000)]
    public int MaxRefusals { get; set; } = 100_000;

    /// <summary>
    /// How much the ledger may take on disk, in bytes; old bodies go, then rows of more than 7 days, then new work is rejected.
    /// </summary>
    [Range(1L, long.MaxValue)]
    public long MaxLedgerBytes { get; set; } = 4L * 1024 * 1024 * 1024;

    /// <summary>Ids that one capability holds in memory; what is beyond waits on disk.</summary>
    [Range(4, 1_000_000)]
    public int IdsInMemory { get; set; } = 1_024;

    /// <summary>How long work waits after its doer asked to be tried again (exit code 75).</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a doer may ask to be tried again.</summary>
    [Range(0, 100)]
    public int MaxRetries { get; set; } = 3;

    /// <summary>Starts without an end, over restarts of the agent, after which work is parked.</summary>
    [Range(1, 100)]
    public int MaxUnendedStarts { get; set; } = 3;

    /// <summary>How long after a request came into doubt, and after each look-up in vain, it is looked up again.</summary>
    public TimeSpan LookUpEvery { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long it is looked up; afterwards only an operator can tell.</summary>
    public TimeSpan LookUpFor { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How far a signer's clock may be off: signatures older than the ledger by more are refused.</summary>
    public TimeSpan SigningWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The least time that a drain gives the outbox, when running work has used up the rest.</summary>
    public TimeSpan ShortestFlush { get; set; } = TimeSpan.FromSeconds(1);
}
