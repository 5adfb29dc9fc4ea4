namespace OpsAgent.Toml;

/// <summary><c>true</c> or <c>false</c>.</summary>
public sealed class TomlBoolean : TomlNode
{
    internal TomlBoolean(bool value, TomlPosition position)
        : base(position) => Value = value;

    /// <summary>What was written.</summary>
    public bool Value { get; }

    /// <inheritdoc/>
    public override string Kind => "boolean";

    /// <inheritdoc/>
    public override string ToString() => Value ? "true" : "false";
}
