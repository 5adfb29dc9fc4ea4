namespace OpsAgent.Capabilities.Signing;

/// <summary>One file of a folder of keys, and what is wrong with it.</summary>
/// <param name="Id">The key's id: the file's name without <c>.key</c>.</param>
/// <param name="Key">The key; null if the file is not acceptable.</param>
/// <param name="Problem">What is wrong with it, as the end of a sentence that begins with its name; null if nothing is.</param>
/// <param name="ChangedAt">When its content was changed last; null if it can't be looked at.</param>
public sealed record KeyFile(string Id, SigningKey? Key, string? Problem, DateTimeOffset? ChangedAt)
{
    /// <summary>True if it could not be looked at just now: nothing is known of it, neither good nor bad.</summary>
    public bool CouldNotLook { get; init; }

    /// <summary>What the name of a key's file ends with.</summary>
    public const string Extension = ".key";
}
