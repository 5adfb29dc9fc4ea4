namespace OpsAgent.Doers.Facility.Doors;

/// <summary>What a door's query holds, so that it can be kept out of what the copying program says about it.</summary>
internal static class DoorSecrets
{
    private const int ShortestValue = 8; // a shorter one is no token, and would blot out words that only look like it

    /// <summary>
    /// <paramref name="line"/> without the pairs and values of the door's query, as they stand there or decoded: XRootD's client
    /// prints them apart from the URL and in an order of its own.
    /// </summary>
    public static string Hide(Door door, string line)
    {
        foreach (var piece in Pieces(door))
        {
            line = line.Replace(piece, "…", StringComparison.Ordinal);
        }

        return line;
    }

    private static IEnumerable<string> Pieces(Door door)
    {
        var mark = door.Url.IndexOf('?', StringComparison.Ordinal);
        return mark < 0
            ? []
            : door.Url[(mark + 1)..].Split('&')
                .SelectMany(pair => (string[])[pair, pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]])
                .SelectMany(text => (string[])[text, .. Uri.UnescapeDataString(text).Split(' ')])
                .Where(piece => piece.Length >= ShortestValue || piece.IndexOf('=', StringComparison.Ordinal) > 0)
                .Distinct()
                .OrderByDescending(piece => piece.Length);
    }
}
