using System.Text.RegularExpressions;

namespace OpsAgent.Doers.RucioSnapshot.Matching;

/// <summary>Reads <see cref="PathFilters"/> from paths, by the rules that the facility's pages have.</summary>
internal static partial class PathReader
{
    private const string Single = "SINGLE";
    private static readonly string[] Processes = ["DIS", "SIDIS", "DDIS", "EXCLUSIVE", Single, "BACKGROUNDS"];
    private static readonly string[] InputRoot = ["volatile", "eic", "EPIC", "EVGEN"];

    /// <summary>Of an input's path, as the catalogue's CSV has it, for a detector configuration.</summary>
    public static PathFilters OfInput(string? path, string? detector)
    {
        var segments = (path ?? "").TrimStart('/').Split('/');
        var below = segments.AsSpan().StartsWith(InputRoot) ? segments[InputRoot.Length..] : segments;
        return OfSegments(below) with { Detector = detector ?? "" };
    }

    /// <summary>Of a dataset's DID.</summary>
    public static PathFilters OfDataset(string did)
    {
        var segments = DatasetName.Segments(did);
        return OfSegments(segments.Length > 3 ? segments[3..] : []) with { Detector = segments.ElementAtOrDefault(2) ?? "" };
    }

    private static PathFilters OfSegments(string[] segments)
    {
        var path = string.Join('/', segments);
        var physics = Processes.FirstOrDefault(p => segments.Contains(p)) ?? "";
        var (species, energy) = ("", "");
        if (physics == Single)
        {
            var at = Array.IndexOf(segments, Single);
            species = segments.ElementAtOrDefault(at + 1) ?? "";
            energy = segments.ElementAtOrDefault(at + 2) ?? "";
        }
        else
        {
            energy = Energy().Match(path).Value;
        }

        return new PathFilters(Beam().Match(path).Value, Current(physics, segments), Q2().Match(path).Value, species, energy, "");
    }

    // Deep inelastic scattering is known by its current, where the path names one.
    private static string Current(string physics, string[] segments)
    {
        if (physics != "DIS")
        {
            return physics;
        }

        return segments.Contains("NC") ? "NC" : segments.Contains("CC") ? "CC" : physics;
    }

    [GeneratedRegex("[0-9]+x[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Beam();

    // Whole numbers only, and with this case: q2_0.5to1.5 reads as q2_0. That is what the pages' own filters say too.
    [GeneratedRegex("minQ2=[0-9]+|q2_[0-9]+(?:to[0-9]+|_[0-9]+)?", RegexOptions.CultureInvariant)]
    private static partial Regex Q2();

    [GeneratedRegex(@"\b[0-9]+(?:\.[0-9]+)?[kMGT]?eV\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Energy();
}
