namespace OpsAgent.Capabilities.Reading;

/// <summary>Finds the name that a misspelt one was meant to be.</summary>
public static class Spelling
{
    /// <summary>", did you mean ...?" or nothing.</summary>
    public static string Hint(string word, IEnumerable<string> names) =>
        Nearest(word, names) is { } name ? $"; did you mean '{name}'?" : "";

    /// <summary>The nearest name, if it is no further than a slip or two: one for each three letters, two at most.</summary>
    public static string? Nearest(string word, IEnumerable<string> names)
    {
        string? best = null;
        var bestDistance = Math.Min(2, Math.Max(1, word.Length / 3)) + 1;
        foreach (var name in names)
        {
            if (Math.Abs(name.Length - word.Length) >= bestDistance)
            {
                continue;
            }

            var distance = Distance(word.ToLowerInvariant(), name.ToLowerInvariant());
            if (distance < bestDistance)
            {
                (best, bestDistance) = (name, distance);
            }
        }

        return best;
    }

    /// <summary>Letters added, lost, changed or swapped with their neighbour.</summary>
    private static int Distance(string a, string b)
    {
        var before = new int[b.Length + 1];
        var last = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var row = new int[b.Length + 1];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, last) = (last, row);
        }

        return last[b.Length];
    }
}
