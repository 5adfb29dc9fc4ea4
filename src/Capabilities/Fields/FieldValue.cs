namespace OpsAgent.Capabilities.Fields;

/// <summary>A field's value, valid and never empty.</summary>
/// <param name="Text">What a template puts in: a list's items joined by commas, a flag as <c>true</c> or <c>false</c>.</param>
/// <param name="Items">A list's items; for any other type the text alone.</param>
public sealed record FieldValue(string Text, IReadOnlyList<string> Items)
{
    /// <summary>A value that is no list.</summary>
    public FieldValue(string text)
        : this(text, [text])
    {
    }

    /// <summary>A flag's value.</summary>
    public static FieldValue Flag(bool value) => new(value ? "true" : "false");

    /// <summary>True for a flag that is set.</summary>
    public bool IsTrue => Text == "true";
}
