namespace OpsAgent.Capabilities.Fields;

/// <summary>An id of PanDA: 1 to 19 digits, as a string or as an integer.</summary>
public sealed class IdType : ScalarType
{
    private const int MaxDigits = 19;

    /// <inheritdoc/>
    public override string Name => "id";

    /// <inheritdoc/>
    public override bool IsPathSegment => true;

    /// <inheritdoc/>
    public override bool MayBeginArgument => true;

    private protected override string Form => "1 to 19 digits";

    private protected override bool Accepts(string text) =>
        text.Length is > 0 and <= MaxDigits && !text.AsSpan().ContainsAnyExceptInRange('0', '9');
}
