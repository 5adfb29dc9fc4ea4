namespace OpsAgent.Capabilities.Fields;

/// <summary>One of some fixed words.</summary>
public sealed class EnumType : ScalarType
{
    private readonly IReadOnlyList<string> _values;

    /// <summary>A type of those words.</summary>
    public EnumType(IReadOnlyList<string> values)
    {
        _values = values;
        MayBeginArgument = values.All(static v => v[0] is not ('-' or '@'));
        IsPathSegment = values.All(static v => NameForms.IsPlain(v, 255));
    }

    /// <inheritdoc/>
    public override string Name => "enum";

    /// <inheritdoc/>
    public override bool IsPathSegment { get; }

    /// <inheritdoc/>
    public override bool MayBeginArgument { get; }

    private protected override string Form => $"one of {string.Join(", ", _values)}";

    /// <inheritdoc/>
    public override string ToString() => $"enum({string.Join(", ", _values)})";

    private protected override bool Accepts(string text) => _values.Contains(text);
}
