namespace OpsAgent.Capabilities.Fields;

/// <summary>
/// A Rucio scope: <c>A-Z a-z 0-9 . _ -</c>, not beginning with <c>-</c>. Rucio's own limit is 25 or 30 characters by
/// instance; 64 leaves that to Rucio and still bounds it.
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

    private protected override string Form => "a Rucio scope: 1 to 64 of A-Z a-z 0-9 . _ - not beginning with -";

    private protected override bool Accepts(string text) => NameForms.IsPlain(text, MaxLength);
}
