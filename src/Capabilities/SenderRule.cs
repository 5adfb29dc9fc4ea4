namespace OpsAgent.Capabilities;

/// <summary>Who may ask for something.</summary>
/// <param name="Senders"><c>user:NAME</c>, whom the broker vouches for, and <c>key:ID</c>, whose signature is right; null: anybody.</param>
/// <param name="Signed">True if a right signature is needed whoever it is.</param>
public sealed record SenderRule(IReadOnlyList<string>? Senders, bool Signed)
{
    /// <summary>What a user begins with in the manifest.</summary>
    public const string User = "user:";

    /// <summary>What a key begins with in the manifest.</summary>
    public const string Key = "key:";

    /// <summary>Anybody who may write to the queue.</summary>
    public static readonly SenderRule Open = new(null, false);

    /// <summary>Nobody.</summary>
    public static readonly SenderRule Closed = new([], true);

    /// <summary>True if anybody may ask.</summary>
    public bool IsOpen => Senders is null && !Signed;

    /// <summary>True if it can only be met with a signature.</summary>
    public bool NeedsKeys => Signed || Senders?.Any(static s => s.StartsWith(Key, StringComparison.Ordinal)) == true;

    /// <summary>True if it names a user.</summary>
    public bool NamesUsers => Senders?.Any(static s => s.StartsWith(User, StringComparison.Ordinal)) == true;

    /// <summary>True if one of the two is in the list, or if there is none. That a signature is needed is not asked here.</summary>
    /// <param name="user">The user that the broker vouches for; null: none.</param>
    /// <param name="keyId">The key of a right signature; null: there is none.</param>
    public bool Lists(string? user, string? keyId) =>
        Senders is null || (user is not null && Senders.Contains(User + user)) || (keyId is not null && Senders.Contains(Key + keyId));
}
