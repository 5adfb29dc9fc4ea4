using System.Text.RegularExpressions;
using OpsAgent.Doers.Facility.Rucio;

namespace OpsAgent.Doers.Facility.Doors;

/// <summary>A storage door: one URL that a file can be read from.</summary>
/// <param name="Url">The URL as it is passed on, its query kept; <c>davs</c> is written as <c>https</c>.</param>
/// <param name="Kind">How it is read.</param>
/// <param name="Host">Host and port, for messages.</param>
/// <param name="Bytes">The size that the file must have; null if not known.</param>
public sealed partial record Door(string Url, DoorKind Kind, string Host, long? Bytes)
{
    private const int LengthLimit = 4096;

    /// <summary>The door of a PFN, or null if it is of no kind that is read here or not a sane URL.</summary>
    public static Door? Of(Replica replica)
    {
        if (replica.Pfn.Length > LengthLimit || Form().Match(replica.Pfn) is not { Success: true } parts)
        {
            return null;
        }

        var scheme = parts.Groups["scheme"].Value.ToLowerInvariant();
        var host = parts.Groups["host"].Value;
        var port = parts.Groups["port"].Value;
        if (port.Length > 0 && int.Parse(port) is < 1 or > 65535)
        {
            return null;
        }

        var rest = parts.Groups["rest"].Value;
        var authority = port.Length > 0 ? $"{host}:{port}" : host;
        return scheme is "root" or "roots"
            ? new Door($"{scheme}://{authority}{rest}", DoorKind.XRootD, authority, replica.Bytes)
            : new Door($"https://{authority}{rest}", DoorKind.Https, authority, replica.Bytes);
    }

    // No user part, no fragment, no blanks or control characters; the query ('opaque' for XRootD) may hold a token: it stays here and is never shown.
    [GeneratedRegex(
        @"\A(?<scheme>roots?|https|davs)://(?<host>[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::(?<port>[0-9]{1,5}))?(?<rest>/[\x21\x22\x24-\x7E]*)\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Form();
}
