namespace OpsAgent.Capabilities.Fields;

/// <summary>A file's name: 1 to 255 of <c>A-Z a-z 0-9 . _ -</c>, not <c>.</c> or <c>..</c>, no <c>-</c> first.</summary>
public sealed class FileNameType : ScalarType
{
    private const int MaxLength = 255;

    /// <inheritdoc/>
    public override string Name => "file_name";

    /// <inheritdoc/>
    public override bool IsPathSegment => true;

    /// <inheritdoc/>
    public override bool MayBeginArgument => true;

    private protected override string Form => "a file name: 1 to 255 of A-Z a-z 0-9 . _ - not beginning with -";

    private protected override bool Accepts(string text) => NameForms.IsPlain(text, MaxLength);
}
