using System.Text.Json.Nodes;
using OpsAgent.Abstractions;

namespace OpsAgent.Capabilities.Keys;

/// <summary><c>exit_codes</c> and <c>ok_needs</c>: what ends of a run mean.</summary>
internal static class OutcomeKeys
{
    /// <summary>The exit code by which every doer asks to be tried again.</summary>
    public const int TryAgain = 75;

    /// <summary>The reason of a success that lacks its output, where the manifest gives none.</summary>
    public const string DefaultReason = "exit {exit_code} without the output that success needs";

    public static readonly WordKey AfterTimeout = Ended(
        "timeout", "What a run means that was ended at its limit. Default: timeout, with recovery = \"report\" unknown.");

    public static readonly WordKey AfterSignal = Ended(
        "signal", "What a run means that a signal ended. Default: error, with recovery = \"report\" unknown.");

    public static readonly WordKey Code = new(
        Key.Any,
        "What this exit code means. Without an entry 0 is ok and the others are error.",
        Wire(
            Outcome.Ok, Outcome.Error, Outcome.Timeout, Outcome.Unrecorded, Outcome.Unverified, Outcome.Unknown, Outcome.Skipped));

    public static readonly TableForm CodesForm = new()
    {
        Keys = [AfterTimeout, AfterSignal],
        Others = Code,
        OtherNames = Patterns.ExitCode,
        Rules = static schema => schema["patternProperties"]![$"^0*{TryAgain}$"] = false,
    };

    public static readonly TextKey Stdout = new(
        "stdout", "A regular expression (of .NET, without backtracking) that must be found in the trimmed stdout for a success to count.")
    {
        Required = true,
    };

    public static readonly WordKey Otherwise = new(
        "otherwise", "What the run means when it is not found.", Wire(Outcome.Error, Outcome.Unverified, Outcome.Unknown))
    {
        Otherwise = Outcome.Error.ToWire(),
    };

    public static readonly TemplateKey Reason = new("reason", $"Why, then; a template. Default: {DefaultReason}");

    public static readonly TableForm NeedsForm = new() { Keys = [Stdout, Otherwise, Reason] };

    private static WordKey Ended(string name, string description) =>
        new(name, description, Wire(Outcome.Error, Outcome.Timeout, Outcome.Unknown, Outcome.Unverified));

    private static string[] Wire(params Outcome[] outcomes) => [.. outcomes.Select(static o => o.ToWire())];
}
