using System.Globalization;

namespace OpsAgent.Toml;

/// <summary>A time of day; digits finer than 100 ns are cut off.</summary>
public sealed class TomlLocalTime : TomlNode
{
    internal TomlLocalTime(TimeOnly value, TomlPosition position)
        : base(position) => Value = value;

    /// <summary>What was written.</summary>
    public TimeOnly Value { get; }

    /// <inheritdoc/>
    public override string Kind => "local time";

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
}
