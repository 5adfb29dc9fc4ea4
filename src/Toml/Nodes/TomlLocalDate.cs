using System.Globalization;

namespace OpsAgent.Toml;

/// <summary>A date of no stated zone.</summary>
public sealed class TomlLocalDate : TomlNode
{
    internal TomlLocalDate(DateOnly value, TomlPosition position)
        : base(position) => Value = value;

    /// <summary>What was written.</summary>
    public DateOnly Value { get; }

    /// <inheritdoc/>
    public override string Kind => "local date";

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
