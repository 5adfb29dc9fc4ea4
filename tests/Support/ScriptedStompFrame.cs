using System.Text;

namespace OpsAgent.Tests.Support;

/// <summary>A frame as a client sent it; header names and values as on the wire, still escaped.</summary>
public sealed record ScriptedStompFrame(string Command, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body)
{
    public string Text => Encoding.UTF8.GetString(Body.Span);

    /// <summary>The first value of a header, or null.</summary>
    public string? this[string name] => Headers.Where(h => h.Key == name).Select(h => h.Value).FirstOrDefault();

    public override string ToString() => $"{Command} {string.Join(' ', Headers.Where(h => h.Key != "passcode").Select(h => $"{h.Key}:{h.Value}"))} [{Text}]";
}
