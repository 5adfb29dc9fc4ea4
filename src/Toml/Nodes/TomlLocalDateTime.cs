using System.Globalization;

namespace OpsAgent.Toml;

/// <summary>A date and time of no stated zone (its kind is Unspecified); digits finer than 100 ns are cut off.</summary>
public sealed class TomlLocalDateTime : TomlNode
{
    internal TomlLocalDateTime(DateTime value, TomlPosition position)
        : base(position) => Value = value;

    /// <summary>What was written.</summary>
    public DateTime Value { get; }

    /// <inheritdoc/>
    public override string Kind => "local date-time";

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
}
