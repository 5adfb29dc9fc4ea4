namespace OpsAgent.Capabilities.Fields;

/// <summary>One line of text without control characters.</summary>
/// <param name="max">At most so many UTF-16 units.</param>
public sealed class TextType(int max) : ScalarType
{
    /// <summary>The largest limit that a manifest may set: an argument must stay far below the kernel's 128 KiB.</summary>
    public const int Largest = 16_384;

    /// <inheritdoc/>
    public override string Name => "text";

    private protected override string Form => $"one line of at most {max} characters";

    /// <inheritdoc/>
    public override string ToString() => $"text({max})";

    private protected override bool Accepts(string text) => text.Length <= max && !ScalarText.HasControls(text);
}
