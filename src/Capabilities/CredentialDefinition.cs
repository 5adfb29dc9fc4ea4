using OpsAgent.Capabilities.Credentials;

namespace OpsAgent.Capabilities;

/// <summary>A credential that capabilities may be lent, and what must hold of it. The secret itself never passes through the manifest.</summary>
/// <param name="Name">What capabilities call it.</param>
/// <param name="Variable">The environment variable that holds its path, or the value itself; null: its kind says where it is.</param>
public sealed record CredentialDefinition(string Name, string? Variable)
{
    /// <summary>What its file may be readable and writable to when nothing is said: its owner.</summary>
    public const int UsualMode = 0x180; // 0600

    /// <summary>What it is.</summary>
    public CredentialKind Kind { get; init; }

    /// <summary>Where its file is when the variable is not set; absolute, or below the home folder by <c>~/</c>. Null: nowhere.</summary>
    public string? Path { get; init; }

    /// <summary>Users whose file it may be, by name or number; none: the agent's own and root.</summary>
    public IReadOnlyList<string> Owners { get; init; } = [];

    /// <summary>The permissions that its file may have at most; never any for others.</summary>
    public int ModeMax { get; init; } = UsualMode;

    /// <summary>True if its path may be a symbolic link.</summary>
    public bool Follow { get; init; }

    /// <summary>How long it must last still for a doer to be started with it.</summary>
    public TimeSpan MinLife { get; init; }

    /// <summary>True if work goes on where there is none at all.</summary>
    public bool Optional { get; init; }

    /// <summary>Whether the manifest says the same of both.</summary>
    public bool IsSameAs(CredentialDefinition other) =>
        Owners.SequenceEqual(other.Owners) && this with { Owners = other.Owners } == other;

    /// <summary>The variables that are lent with it.</summary>
    public IReadOnlyList<string> Variables =>
        Kind == CredentialKind.BearerToken ? BearerTokenPlace.Variables : Variable is null ? [] : [Variable];
}
