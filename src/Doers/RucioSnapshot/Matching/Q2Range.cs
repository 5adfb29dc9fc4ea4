using System.Globalization;
using System.Text.RegularExpressions;

namespace OpsAgent.Doers.RucioSnapshot.Matching;

/// <summary>A range of Q² in GeV², both ends in it.</summary>
internal readonly partial record struct Q2Range(double From, double To)
{
    /// <summary>Reads <c>minQ2=N</c>, <c>q2_AtoB</c>, <c>q2_A_B</c> or <c>q2_A</c>, in any case; null for anything else.</summary>
    public static Q2Range? Parse(string text)
    {
        if (Minimum().Match(text) is { Success: true } minimum)
        {
            return new Q2Range(Number(minimum.Groups[1].Value), double.PositiveInfinity);
        }

        if (Between().Match(text) is not { Success: true } between)
        {
            return null;
        }

        var from = Number(between.Groups[1].Value);
        return new Q2Range(from, between.Groups[2].Success ? Number(between.Groups[2].Value) : from);
    }

    /// <summary>True if they have a value in common.</summary>
    public bool Meets(Q2Range other) => From <= other.To && other.From <= To;

    private static double Number(string text) => double.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\AminQ2=([0-9]+(?:\.[0-9]+)?)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Minimum();

    [GeneratedRegex(
        @"\Aq2_([0-9]+(?:\.[0-9]+)?)(?:(?:to|_)([0-9]+(?:\.[0-9]+)?))?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Between();
}
