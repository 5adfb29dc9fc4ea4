using System.Globalization;

namespace OpsAgent.Toml;

/// <summary>An instant with the offset it was written with; digits finer than 100 ns are cut off.</summary>
public sealed class TomlOffsetDateTime : TomlNode
{
    internal TomlOffsetDateTime(DateTimeOffset value, TomlPosition position)
        : base(position) => Value = value;

    /// <summary>What was written.</summary>
    public DateTimeOffset Value { get; }

    /// <inheritdoc/>
    public override string Kind => "offset date-time";

    /// <inheritdoc/>
    public override string ToString()
    {
        var zone = Value.Offset == TimeSpan.Zero ? "Z" : "zzz";
        return Value.ToString($"yyyy-MM-ddTHH:mm:ss.FFFFFFF{zone}", CultureInfo.InvariantCulture);
    }
}
