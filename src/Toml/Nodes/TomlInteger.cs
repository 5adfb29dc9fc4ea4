using System.Globalization;

namespace OpsAgent.Toml;

/// <summary>A 64-bit integer, whatever base it was written in.</summary>
public sealed class TomlInteger : TomlNode
{
    internal TomlInteger(long value, TomlPosition position)
        : base(position) => Value = value;

    /// <summary>What was written.</summary>
    public long Value { get; }

    /// <inheritdoc/>
    public override string Kind => "integer";

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
