using System.Globalization;
using System.Text.Json.Nodes;

namespace OpsAgent.Doers.RucioSnapshot.Matching;

/// <summary>The releases that reconstruction has datasets of.</summary>
internal static class DetectedReleases
{
    private const string Year = "26.";
    private const string Development = "main";

    /// <summary><c>[{version, count, editions: {edition: count}}]</c> of the names of all RECO datasets, the newest first.</summary>
    public static JsonArray Of(IEnumerable<string> names)
    {
        var editions = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var edition = DatasetName.Version(name);
            if (edition != Development && edition.StartsWith(Year, StringComparison.Ordinal))
            {
                editions[edition] = editions.GetValueOrDefault(edition) + 1;
            }
        }

        return [.. editions
            .GroupBy(static e => DatasetName.Family(e.Key))
            .OrderByDescending(static family => family.Key, EditionOrder.Instance)
            .Select(static family => (JsonNode?)new JsonObject
            {
                ["version"] = family.Key,
                ["count"] = family.Sum(static e => e.Value),
                ["editions"] = new JsonObject(family
                    .OrderBy(static e => e.Key, EditionOrder.Instance)
                    .Select(static e => KeyValuePair.Create(e.Key, (JsonNode?)e.Value))),
            })];
    }

    /// <summary>By dot fields, as numbers; a field that is no number is above all numbers.</summary>
    public sealed class EditionOrder : IComparer<string>
    {
        public static EditionOrder Instance { get; } = new();

        public int Compare(string? x, string? y)
        {
            var (left, right) = ((x ?? "").Split('.'), (y ?? "").Split('.'));
            for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
            {
                if (Field(left[i], right[i]) is not 0 and var order)
                {
                    return order;
                }
            }

            return left.Length.CompareTo(right.Length);
        }

        private static int Field(string left, string right)
        {
            var (isLeft, isRight) = (IsNumber(left, out var a), IsNumber(right, out var b));
            return isLeft && isRight ? a.CompareTo(b)
                : isLeft != isRight ? (isLeft ? -1 : 1)
                : string.CompareOrdinal(left, right);
        }

        private static bool IsNumber(string text, out long number) =>
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
