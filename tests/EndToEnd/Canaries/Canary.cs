using System.Text;
using System.Text.Json;

namespace OpsAgent.Tests.EndToEnd.Canaries;

/// <summary>A marked credential: found again in whatever form it has leaked.</summary>
internal sealed class Canary
{
    private readonly byte[][] _forms;

    /// <param name="name">Which credential.</param>
    /// <param name="value">What of it is looked for, ASCII.</param>
    /// <param name="lentTo">The programs whose environment may hold it.</param>
    public Canary(string name, string value, params string[] lentTo)
    {
        Name = name;
        Value = value;
        LentTo = lentTo;
        _forms = [.. Forms(value).Select(static f => f.Text).Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)];
    }

    public string Name { get; }

    public string Value { get; }

    public IReadOnlyList<string> LentTo { get; }

    /// <summary>True if some bytes hold it.</summary>
    public bool IsIn(ReadOnlySpan<byte> bytes)
    {
        foreach (var form in _forms)
        {
            if (bytes.IndexOf(form) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>As it is, URL-encoded, JSON-escaped, and in base64 whatever stands before it; each of these once more JSON-escaped.</summary>
    public static IEnumerable<(string Form, string Text)> Forms(string value)
    {
        List<(string Form, string Text)> forms = [("raw", value), ("url", Uri.EscapeDataString(value))];
        for (var before = 0; before < 3; before++)
        {
            var bytes = Encoding.UTF8.GetBytes(value);
            var encoded = Convert.ToBase64String([.. new byte[before], .. bytes]);
            var part = encoded[(before == 0 ? 0 : before + 1)..((before + bytes.Length) / 3 * 4)];
            forms.Add(($"base64+{before}", part));
            forms.Add(($"base64url+{before}", part.Replace('+', '-').Replace('/', '_')));
        }

        return forms.Concat(forms.Select(static f => ($"{f.Form} in JSON", JsonEncodedText.Encode(f.Text).ToString())).ToList());
    }
}
