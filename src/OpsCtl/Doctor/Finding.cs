namespace OpsAgent.OpsCtl.Doctor;

/// <summary>One thing that was looked at. Nothing in it is secret.</summary>
/// <param name="Check">The check, for example <c>broker</c>.</param>
/// <param name="Subject">What of it, for example <c>shutdown</c>.</param>
/// <param name="State">How it was found.</param>
/// <param name="Line">What was found, in one line.</param>
/// <param name="Suggestion">What to do about it; null if nothing is to be done.</param>
internal sealed record Finding(string Check, string Subject, FindingState State, string Line, string? Suggestion = null)
{
    /// <summary>Of a credential: where it is and how long it lives.</summary>
    public CredentialFacts? Credential { get; init; }
}

/// <summary>What is known of a credential.</summary>
/// <param name="Path">Its file; null if none is named.</param>
/// <param name="Status">One of <see cref="Credentials.CredentialStatus"/>.</param>
/// <param name="DaysLeft">Until it ends, negative when it has; null if that is not known.</param>
internal sealed record CredentialFacts(string? Path, string Status, double? DaysLeft);
