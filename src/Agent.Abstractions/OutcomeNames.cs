namespace OpsAgent.Abstractions;

/// <summary>The spelling of <see cref="Outcome"/> on the wire, in the manifest and in the ledger.</summary>
public static class OutcomeNames
{
    private static readonly string[] Names =
        ["ok", "error", "timeout", "unrecorded", "unverified", "unknown", "skipped", "rejected", "cancelled"];

    /// <summary>All spellings, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The lower-case spelling.</summary>
    public static string ToWire(this Outcome outcome) => Names[(int)outcome];

    /// <summary>Reads a spelling; false if it is none of ours.</summary>
    public static bool TryParse(string? text, out Outcome outcome)
    {
        var index = Array.IndexOf(Names, text);
        outcome = (Outcome)Math.Max(index, 0);
        return index >= 0;
    }
}
