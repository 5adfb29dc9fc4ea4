using System.Diagnostics.CodeAnalysis;

namespace OpsAgent.Stomp;

/// <summary>The headers of a frame. Names are case-sensitive; of a repeated header the first counts.</summary>
public sealed class StompHeaders(IReadOnlyList<KeyValuePair<string, string>> all)
{
    /// <summary>All of them as they came, repeated ones too.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> All { get; } = all;

    /// <summary>The value of a header, or null when there is none of this name.</summary>
    public string? Get(string name) => TryGet(name, out var value) ? value : null;

    /// <summary>True if there is a header of this name; its first value.</summary>
    public bool TryGet(string name, [MaybeNullWhen(false)] out string value)
    {
        // A frame has some ten headers: a walk is faster than any table, and costs nothing to build.
        for (var i = 0; i < All.Count; i++)
        {
            if (string.Equals(All[i].Key, name, StringComparison.Ordinal))
            {
                value = All[i].Value;
                return true;
            }
        }

        value = null;
        return false;
    }
}
