using OpsAgent.Abstractions;

namespace OpsAgent.Capabilities.Keys;

/// <summary><c>[[capability.NAME.look_up]]</c> and <c>[capability.NAME.release]</c>.</summary>
internal static class LookUpKeys
{
    public static readonly WordKey Answer = new(
        Key.Any,
        "What this exit code says of the work; error: it certainly was not done.",
        [.. new[] { Outcome.Ok, Outcome.Error, Outcome.Unrecorded, Outcome.Unverified }.Select(static o => o.ToWire())]);

    public static readonly TableKey ExitCodes = new(
        "exit_codes",
        "Exit codes that say what became of the work: { 0 = \"ok\", 7 = \"unrecorded\" }. Any other leaves it in doubt.",
        new TableForm
        {
            Others = Answer,
            OtherNames = Patterns.ExitCode,
            Rules = static schema =>
            {
                schema["patternProperties"]![$"^0*{OutcomeKeys.TryAgain}$"] = false;
                schema["minProperties"] = 1;
            },
        })
    {
        Required = true,
    };

    public static readonly TableForm CommandForm = new() { Keys = [CapabilityKeys.Doer, CapabilityKeys.Flags, CapabilityKeys.Optional] };

    public static readonly TableForm Form = new()
    {
        Keys = [.. CommandForm.Keys, ExitCodes],
    };
}
