using System.Globalization;
using System.Text.RegularExpressions;
using OpsAgent.Abstractions;
using OpsAgent.Capabilities.Keys;
using OpsAgent.Capabilities.Templates;

namespace OpsAgent.Capabilities.Reading;

/// <summary>Reads what ends of a run mean: <c>exit_codes</c> and <c>ok_needs</c>.</summary>
internal sealed class OutcomeRules(TableReader table, TemplateReader templates)
{
    private readonly Dictionary<int, Outcome> _exitCodes = [];

    public IReadOnlyDictionary<int, Outcome> ExitCodes => _exitCodes;

    public Outcome AfterTimeout { get; private set; } = Outcome.Timeout;

    public Outcome AfterSignal { get; private set; } = Outcome.Error;

    public OutputRule? OkNeeds { get; private set; }

    /// <summary>The outcomes that the rules name.</summary>
    public IEnumerable<Outcome> Named =>
        [.. _exitCodes.Values, AfterTimeout, AfterSignal, .. OkNeeds is { } rule ? [rule.Otherwise] : Array.Empty<Outcome>()];

    /// <param name="isReport">
    /// The work must never be started twice: what was ended at its limit or by a signal may have had its effect, so it is in doubt
    /// unless the table says otherwise.
    /// </param>
    public void Read(bool isReport)
    {
        (AfterTimeout, AfterSignal) = isReport ? (Outcome.Unknown, Outcome.Unknown) : (AfterTimeout, AfterSignal);
        if (table.Table(CapabilityKeys.ExitCodes) is { } codes)
        {
            foreach (var key in codes.Keys)
            {
                ReadCode(codes, key);
            }
        }

        if (table.Table(CapabilityKeys.OkNeeds) is { } needs)
        {
            OkNeeds = ReadNeeds(needs);
        }
    }

    /// <summary>An exit code that is a key; null if it can't be one, which is then reported.</summary>
    public static int? ReadCode(TableReader codes, string key, string others = "")
    {
        if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code > 255)
        {
            _ = codes.Find(key);
            codes.ReportKey(key, $"must be an exit code from 0 to 255{others}");
            return null;
        }

        if (code == OutcomeKeys.TryAgain)
        {
            _ = codes.Find(key);
            codes.ReportKey(key, "75 means 'try again' for every doer");
            return null;
        }

        return code;
    }

    private static Outcome? ReadOutcome(string? word) => OutcomeNames.TryParse(word, out var outcome) ? outcome : null;

    private void ReadCode(TableReader codes, string key)
    {
        if (key == OutcomeKeys.AfterTimeout)
        {
            AfterTimeout = ReadOutcome(codes.Word(OutcomeKeys.AfterTimeout)) ?? AfterTimeout;
        }
        else if (key == OutcomeKeys.AfterSignal)
        {
            AfterSignal = ReadOutcome(codes.Word(OutcomeKeys.AfterSignal)) ?? AfterSignal;
        }
        else if (ReadCode(codes, key, ", \"timeout\" or \"signal\"") is { } code && ReadOutcome(codes.Word(key, OutcomeKeys.Code)) is { } outcome)
        {
            _exitCodes[code] = outcome;
        }
    }

    private OutputRule? ReadNeeds(TableReader needs)
    {
        var pattern = needs.Text(OutcomeKeys.Stdout);
        var otherwise = ReadOutcome(needs.Word(OutcomeKeys.Otherwise)) ?? Outcome.Error;
        var reason = templates.Read(needs, OutcomeKeys.Reason, BuiltInVariables.OfRuns);
        needs.RefuseOthers();
        if (reason is null && !Template.TryParse(OutcomeKeys.DefaultReason, out reason, out _) || pattern is null)
        {
            return null;
        }

        try
        {
            var regex = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            return new OutputRule(regex, otherwise, reason!);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            needs.Report(OutcomeKeys.Stdout, $"is no regular expression without backtracking: {e.Message}");
            return null;
        }
    }
}
