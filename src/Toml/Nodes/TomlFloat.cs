using System.Globalization;

namespace OpsAgent.Toml;

/// <summary>A 64-bit float, infinities and not-a-number included; a zero keeps its sign.</summary>
public sealed class TomlFloat : TomlNode
{
    internal TomlFloat(double value, TomlPosition position)
        : base(position) => Value = value;

    /// <summary>What was written, to the nearest double.</summary>
    public double Value { get; }

    /// <inheritdoc/>
    public override string Kind => "float";

    /// <inheritdoc/>
    public override string ToString()
    {
        if (!double.IsFinite(Value))
        {
            return double.IsNaN(Value) ? "nan" : Value > 0 ? "inf" : "-inf";
        }

        var text = Value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }
}
