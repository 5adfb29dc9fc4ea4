using System.Globalization;

namespace OpsAgent.Doers.RucioSnapshot.Matching;

/// <summary>Dates as mails and Rucio write them: <c>Mon, 02 Feb 2026 03:04:05 UTC</c> (RFC 2822).</summary>
internal static class MailDate
{
    private static readonly string[] Forms =
    [
        "ddd, d MMM yyyy HH:mm:ss zzz", "d MMM yyyy HH:mm:ss zzz", "ddd, d MMM yyyy HH:mm zzz", "d MMM yyyy HH:mm zzz",
    ];

    /// <summary>The time in UTC; null for anything else, also for a year that no dataset can be of.</summary>
    public static DateTime? Parse(string text)
    {
        var zoned = text.Trim();
        foreach (var name in (string[])["UTC", "GMT", "UT", "Z"])
        {
            if (zoned.EndsWith(" " + name, StringComparison.OrdinalIgnoreCase))
            {
                zoned = zoned[..^name.Length] + "+00:00";
            }
        }

        return DateTimeOffset.TryParseExact(
            zoned, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite, out var time) && time.Year is >= 2000 and < 2100
            ? time.UtcDateTime
            : null;
    }
}
