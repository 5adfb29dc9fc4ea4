namespace OpsAgent.Toml;

/// <summary>A string of any of the four notations, its escapes resolved and its line ends given as LF.</summary>
public sealed class TomlString : TomlNode
{
    internal TomlString(string value, TomlPosition position)
        : base(position) => Value = value;

    /// <summary>What was written.</summary>
    public string Value { get; }

    /// <inheritdoc/>
    public override string Kind => "string";

    /// <inheritdoc/>
    public override string ToString() => Value;
}
