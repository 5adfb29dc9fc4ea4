using OpsAgent.Agent.Launching;

namespace OpsAgent.Agent.Events;

/// <summary>Cuts text to one bounded line, cleaned as a line of the log is.</summary>
internal static class OneLine
{
    /// <summary>At most <paramref name="length"/> characters of <see cref="LogText.Clean"/>, no half of a surrogate pair.</summary>
    public static string Of(string? text, int length)
    {
        var line = LogText.Clean((text ?? "").Trim());
        return line.Length <= length ? line : line[..(char.IsHighSurrogate(line[length - 1]) ? length - 1 : length)];
    }
}
