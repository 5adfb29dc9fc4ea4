using System.Text;

namespace OpsAgent.Agent.Redaction;

/// <summary>
/// Takes credentials out of what is stored, logged, published or shown: those whose values the agent knows, and those of a known shape.
/// What is no credential is left as it is. The cost grows with the length and no faster.
/// </summary>
internal sealed class Redactor(KnownSecrets secrets)
{
    /// <summary>What stands in a credential's place.</summary>
    public const string Mark = "[redacted]";

    /// <summary>Knows no values, only shapes.</summary>
    public static readonly Redactor OfShapes = new(new KnownSecrets([]));

    /// <summary>True if nothing of it needs a closer look; <see cref="KeyState"/> aside.</summary>
    public bool IsClean(ReadOnlySpan<char> text) => !secrets.MayBeIn(text) && !SecretShapes.MayBeIn(text);

    /// <summary>A whole text, of one or more lines.</summary>
    public string Text(string text)
    {
        if (IsClean(text))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var state = new KeyState();
        var rest = text.AsSpan();
        while (true)
        {
            var end = rest.IndexOf('\n');
            Write(end < 0 ? rest : rest[..end], Find(end < 0 ? rest : rest[..end], ref state), result);
            if (end < 0)
            {
                return result.ToString();
            }

            result.Append('\n');
            rest = rest[(end + 1)..];
        }
    }

    /// <summary>What is to be taken out of a line, in order and apart from each other.</summary>
    /// <param name="line">Without its end.</param>
    /// <param name="state">Of the stream that the line is from.</param>
    public List<Finding> Find(ReadOnlySpan<char> line, ref KeyState state)
    {
        var found = new List<Finding>();
        var begin = state.Find(line, found);
        if (begin < line.Length)
        {
            var before = found.Count;
            secrets.Find(line[begin..], found);
            SecretShapes.Find(line[begin..], found);
            for (var i = before; i < found.Count; i++)
            {
                var f = found[i];
                found[i] = f with { Context = f.Context + begin, From = f.From + begin, To = f.To + begin };
            }
        }

        foreach (var finding in found)
        {
            if (finding.OpensKey)
            {
                state.Open();
            }
        }

        return Joined(found);
    }

    /// <summary>Writes a line without what was found in it.</summary>
    public static void Write(ReadOnlySpan<char> line, List<Finding> found, StringBuilder to)
    {
        var at = 0;
        foreach (var finding in found)
        {
            to.Append(line[at..finding.From]).Append(Mark);
            at = finding.To;
        }

        to.Append(line[at..]);
    }

    private static List<Finding> Joined(List<Finding> found)
    {
        if (found.Count < 2)
        {
            return found;
        }

        found.Sort(static (a, b) => a.From.CompareTo(b.From));
        var joined = new List<Finding>(found.Count) { found[0] };
        foreach (var next in found.Skip(1))
        {
            var last = joined[^1];
            if (next.From > last.To)
            {
                joined.Add(next);
                continue;
            }

            joined[^1] = new Finding(
                Math.Min(last.Context, next.Context), last.From, Math.Max(last.To, next.To),
                last.ToLineEnd || next.ToLineEnd, last.OpensKey || next.OpensKey);
        }

        return joined;
    }
}
