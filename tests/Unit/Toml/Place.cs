using System.Text;
using OpsAgent.Toml;

namespace OpsAgent.Tests.Unit.Toml;

/// <summary>Places worked out apart from the reader, to hold it to.</summary>
internal static class Place
{
    /// <summary>Where the character at <paramref name="index"/> is.</summary>
    public static TomlPosition Of(string text, int index)
    {
        var before = text[..index].Split('\n');
        return new TomlPosition(before.Length, before[^1].EnumerateRunes().Count() + 1);
    }

    /// <summary>Whether a place is one of the document's characters, or the end of one of its lines.</summary>
    public static bool IsInside(TomlPosition position, byte[] utf8)
    {
        var lines = Encoding.UTF8.GetString(utf8).TrimStart('\uFEFF').Split('\n');
        return position.Line >= 1 && position.Line <= lines.Length
            && position.Column >= 1 && position.Column <= lines[position.Line - 1].EnumerateRunes().Count() + 1;
    }
}
