using System.Text;

namespace OpsAgent.Capabilities.Templates;

/// <summary>One pass over a template's text.</summary>
internal sealed class TemplateParser(string source)
{
    private const string JsonMember = "json.";

    private readonly StringBuilder _literal = new();
    private readonly List<TemplatePart> _parts = [];

    public IReadOnlyList<TemplatePart> Parts => _parts;

    public bool Run(out string problem)
    {
        problem = "";
        var at = 0;
        while (at < source.Length)
        {
            var c = source[at];
            if (c is not ('{' or '}'))
            {
                _literal.Append(c);
                at++;
            }
            else if (at + 1 < source.Length && source[at + 1] == c)
            {
                _literal.Append(c);
                at += 2;
            }
            else if (c == '}')
            {
                problem = $"a '}}' without a '{{' at character {at + 1}: write '}}}}' for a brace";
                return false;
            }
            else if (!TakeVariable(ref at, out problem))
            {
                return false;
            }
        }

        EndLiteral();
        return true;
    }

    private static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || char.IsAsciiDigit(text[0]))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return true;
    }

    private bool TakeVariable(ref int at, out string problem)
    {
        problem = "";
        var end = source.IndexOf('}', at);
        if (end < 0)
        {
            problem = $"a '{{' without a '}}' at character {at + 1}: write '{{{{' for a brace";
            return false;
        }

        var inner = source[(at + 1)..end];
        var colon = inner.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? inner : inner[..colon];
        var modifier = TemplateModifier.None;
        var member = "";
        if (!IsName(name))
        {
            problem = $"'{{{inner}}}' is no variable: a name of letters, digits and '_' is needed";
            return false;
        }

        switch (colon < 0 ? null : inner[(colon + 1)..])
        {
            case null:
                break;
            case "hash":
                modifier = TemplateModifier.Hash;
                break;
            case "sorted":
                modifier = TemplateModifier.Sorted;
                break;
            case "json":
                modifier = TemplateModifier.Json;
                break;
            case var path when path.StartsWith(JsonMember, StringComparison.Ordinal) && IsName(path.AsSpan(JsonMember.Length)):
                modifier = TemplateModifier.Json;
                member = path[JsonMember.Length..];
                break;
            case var other:
                problem = $"'{{{inner}}}': there is no modifier '{other}'; there are 'hash', 'sorted', 'json' and 'json.MEMBER'";
                return false;
        }

        EndLiteral();
        _parts.Add(new TemplatePart.Variable(name, modifier) { Member = member });
        at = end + 1;
        return true;
    }

    private void EndLiteral()
    {
        if (_literal.Length > 0)
        {
            _parts.Add(new TemplatePart.Literal(_literal.ToString()));
            _literal.Clear();
        }
    }
}
