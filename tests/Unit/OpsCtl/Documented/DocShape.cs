using System.Text.Json;

namespace OpsAgent.Tests.Unit.OpsCtl.Documented;

/// <summary>A shape as docs/opsctl.md writes it: <c>{"name", "name": shape}</c>, <c>[shape]</c>, or the name of one that it defines.</summary>
internal sealed class DocShape
{
    private readonly HashSet<string> _seen = [];
    private Dictionary<string, DocShape?>? _members;
    private DocShape? _items;
    private string? _name;

    /// <summary>Members that no document had, by their path.</summary>
    public IEnumerable<string> Unseen(string path = "") => (_members ?? [])
        .SelectMany(m => (_seen.Contains(m.Key) ? [] : (string[])[$"{path}.{m.Key}"]).Concat(m.Value?.Unseen($"{path}.{m.Key}") ?? []))
        .Concat(_items?.Unseen($"{path}[]") ?? []);

    /// <summary>Notes what the document has, and names what it has beyond the shape.</summary>
    public IReadOnlyList<string> Differences(JsonElement document, IReadOnlyDictionary<string, DocShape> names, string path = "")
    {
        if (_name is not null)
        {
            return names[_name].Differences(document, names, path);
        }

        if (_items is not null)
        {
            return document.ValueKind == JsonValueKind.Array
                ? [.. document.EnumerateArray().SelectMany(e => _items.Differences(e, names, $"{path}[]"))]
                : [$"{path} is no list"];
        }

        if (document.ValueKind != JsonValueKind.Object)
        {
            return [$"{path} is no object"];
        }

        var differences = new List<string>();
        foreach (var member in document.EnumerateObject())
        {
            if (!_members!.TryGetValue(member.Name, out var shape))
            {
                differences.Add($"{path}.{member.Name} is not documented");
                continue;
            }

            _seen.Add(member.Name);
            differences.AddRange(shape?.Differences(member.Value, names, $"{path}.{member.Name}") ?? []);
        }

        return differences;
    }

    public static DocShape Parse(string text)
    {
        var rest = text.AsSpan().Trim();
        var shape = Read(ref rest);
        return rest.IsWhiteSpace() ? shape : throw new FormatException($"{text}: what is '{rest}'?");
    }

    private static DocShape Read(ref ReadOnlySpan<char> text)
    {
        var shape = new DocShape();
        if (Takes(ref text, '['))
        {
            shape._items = Read(ref text);
            Needs(ref text, ']');
        }
        else if (Takes(ref text, '{'))
        {
            shape._members = [];
            do
            {
                Needs(ref text, '"');
                var name = Word(ref text);
                Needs(ref text, '"');
                shape._members.Add(name, Takes(ref text, ':') ? Read(ref text) : null);
            }
            while (Takes(ref text, ','));
            Needs(ref text, '}');
        }
        else
        {
            shape._name = Word(ref text);
        }

        return shape;
    }

    private static string Word(ref ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && (char.IsAsciiLetterLower(text[end]) || char.IsAsciiDigit(text[end]) || text[end] == '_'))
        {
            end++;
        }

        var word = text[..end].ToString();
        text = text[word.Length..];
        return word.Length > 0 ? word : throw new FormatException($"a name is missing before '{text}'");
    }

    private static bool Takes(ref ReadOnlySpan<char> text, char wanted)
    {
        text = text.TrimStart();
        if (text.IsEmpty || text[0] != wanted)
        {
            return false;
        }

        text = text[1..];
        text = text.TrimStart();
        return true;
    }

    private static void Needs(ref ReadOnlySpan<char> text, char wanted)
    {
        if (!Takes(ref text, wanted))
        {
            throw new FormatException($"a {wanted} is missing before '{text}'");
        }
    }
}
