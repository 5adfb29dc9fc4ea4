namespace OpsAgent.Capabilities.Fields;

/// <summary>
/// A Rucio scope: 1 to 64 of <c>A-Z a-z 0-9 . _ -</c>, beginning with a letter or digit. Rucio's own limit is 25 or 30
/// characters by instance; 64 leaves that to Rucio and still bounds it. Doers that take a scope have the same rule.
/// </summary>
public sealed class RucioScopeType : ScalarType
{
    private const int MaxLength = 64;

    /// <inheritdoc/>
    public override string Name => "rucio_scope";

    /// <inheritdoc/>
    public override bool IsPathSegment => true;

    /// <inheritdoc/>
    public override bool MayBeginArgument => true;

    private protected override string Form => "a Rucio scope: 1 to 64 of A-Z a-z 0-9 . _ - beginning with a letter or digit";

    private protected override bool Accepts(string text) => NameForms.IsPlain(text, MaxLength) && char.IsAsciiLetterOrDigit(text[0]);
}
