using System.Text.Json.Nodes;

namespace OpsAgent.Capabilities.Keys;

/// <summary><c>[capability.NAME]</c>.</summary>
internal static class CapabilityKeys
{
    private const int LargestCount = 10_000_000;

    public static readonly TextKey Description = new("description", "One line for people: what the operation does.") { Required = true };

    public static readonly TextsKey Doer = new(
        "doer",
        "The program to start: its name below the doers folder or its absolute path, then its arguments. Arguments are templates: "
        + "{field} puts a field of the request in. There is no shell.")
    {
        Required = true,
        FirstPattern = Patterns.Program,
        Pattern = Patterns.Template,
    };

    public static readonly TableKey Flags = new(
        "flags",
        "Arguments that are appended when a flag of the request is true, by the flag's name: { force = \"--force\" }.",
        new TableForm { Others = new TextKey(Key.Any, "The argument: fixed text.") { Pattern = Patterns.Fixed } });

    public static readonly TableKey Optional = new(
        "optional",
        "Arguments that are appended when a field is present, by its name: { owner = \"--owner={owner}\" }. A list gives one for each item.",
        new TableForm { Others = new TemplateKey(Key.Any, "The argument; a template.") });

    public static readonly SpanKey Timeout = new(
        "timeout",
        "The whole run's limit: \"180s\", \"15m\", \"6h\" or \"1d\", at most 7 days; or { env = \"NAME\", default = \"180s\" }.")
    {
        Required = true,
    };

    public static readonly TemplateKey TimeoutReason = new(
        "timeout_reason", "The reason of a run that reached its limit; a template, with {timeout_s} and {duration_ms}. Default: the agent's words.");

    public static readonly SpanKey Grace = new("grace", "The time between SIGTERM and SIGKILL when a run is ended.")
    {
        Otherwise = TimeSpan.FromSeconds(5),
    };

    public static readonly SpanKey IdleTimeout = new(
        "idle_timeout", "A run that prints nothing for so long is ended. Default: it may be silent as long as it likes.");

    public static readonly TextKey Lane = new("lane", "The lane that it runs in: the NAME of a [lane.NAME].") { Required = true };

    public static readonly NumberKey MaxParallel = new(
        "max_parallel", "How many of its runs there are at once, within the lane's slots. Default: as many as the lane has slots.", 1, LargestCount);

    public static readonly NumberKey MaxPending = new(
        "max_pending", "How many of its requests may wait on disk; more are refused.", 1, LargestCount) { Otherwise = 100_000 };

    public static readonly RateKey RateLimit = new(
        "rate_limit",
        "How many of its requests one sender may bring in within a time: \"10/1m\"; more are refused. Default: no limit.");

    public static readonly SpanKey MaxAge = new("max_age", "A request that has waited longer is refused. Default: none is ever too old.");

    public static readonly SpanKey MaxHold = new(
        "max_hold", "How long a request waits at most for a credential that is over or missing; then it is refused. Never beyond max_age.")
    {
        Otherwise = CapabilityDefinition.UsualHold,
    };

    public static readonly TemplateKey DedupKey = new(
        "dedup_key",
        "Names the work; a template. A second request for the same work is skipped while the first waits or runs. Default: no two are the same.");

    public static readonly WordKey Recovery = new(
        "recovery",
        "What a restart of the agent does with a run that it finds begun: rerun starts it again; report never does and says that its end "
        + "is unknown. report needs a dedup_key.",
        "rerun", "report") { Otherwise = "rerun" };

    public static readonly WordKey OnDrain = new(
        "on_drain",
        "What a stop of the agent does with a run that outlasts it: requeue ends it and starts it again later, finish waits for it up to its limit. Default: "
        + "requeue, with recovery = \"report\" finish.",
        "requeue", "finish");

    public static readonly TextsKey Environment = new(
        "environment",
        "Environment variables that the doer gets; a trailing * takes all that begin so. It gets no others of the agent's.")
    {
        Pattern = Patterns.VariablePattern,
    };

    public static readonly TextsKey Credentials = new("credentials", "Credentials that the doer is lent: the NAMEs of [credential.NAME].");

    public static readonly TableKey Limits = new(
        "limits", "What each process of a run may have. Default: what the agent itself may.", LimitKeys.Form);

    public static readonly TableKey Sandbox = new(
        "sandbox",
        "Runs the doer in a file system of its own, which is read-only but for what is named, by bubblewrap. Default: it sees what the agent's user may.",
        SandboxKeys.Form);

    public static readonly WordKey Capture = new(
        "capture", "Where the doer's output goes while it runs: through pipes, or into files that a restart of the agent reads on.",
        "pipe", "files") { Otherwise = "pipe" };

    public static readonly TableKey ExitCodes = new(
        "exit_codes",
        "Exit codes that mean something other than error: { 7 = \"unrecorded\", timeout = \"unknown\", signal = \"unknown\" }. 0 is ok unless "
        + "named here; 75 always means 'try again'.",
        OutcomeKeys.CodesForm);

    public static readonly TableKey OkNeeds =
        new("ok_needs", "What the doer must have printed for its success to count.", OutcomeKeys.NeedsForm);

    public static readonly TemplateKey FailureMarker = new(
        "failure_marker",
        "A file that says why the last run failed and how often: a template that begins with {tmp}/, the folder SWF_TMP_DIR.")
    {
        Root = Templates.BuiltInVariables.Tmp,
    };

    public static readonly TableKey Fields =
        new("fields", "The request's fields, by name. A request may hold others, which are ignored.", FieldKeys.FieldsForm);

    public static readonly TableKey On = new(
        "on", "The events that are published when a request has come to its end, by its outcome.", EventKeys.OnForm);

    public static readonly TableKey Record =
        new("record", "The action record of each request, for the monitor.", RecordKeys.Form);

    public static readonly TextKey PointOfNoReturn = new(
        "point_of_no_return",
        "The name of a file that the doer makes in OPSAGENT_RESULT_DIR before it does what can't be undone: until it is there the run may be "
        + "cancelled. Default: a run that has begun may have had its effect. Only with recovery = \"report\".")
    {
        Pattern = Patterns.PlainFile,
    };

    public static readonly TableKey LookUp = new(
        "look_up",
        "How to find out what became of a run that nobody saw the end of, tried in this order, and again while it is in doubt. Only with "
        + "recovery = \"report\".",
        LookUpKeys.Form)
    {
        IsArray = true,
    };

    public static readonly TableKey Release = new(
        "release",
        "A doer that is run when an operator says of a request in doubt that it certainly was not done, before its key is let go. It must end "
        + "with 0. Only with recovery = \"report\".",
        LookUpKeys.CommandForm);

    public static readonly TableForm Form = new()
    {
        Keys =
        [
            Description, Doer, Flags, Optional, Timeout, TimeoutReason, Grace, IdleTimeout, Lane, MaxParallel, MaxPending, RateLimit, MaxAge,
            MaxHold, SenderKeys.Senders, SenderKeys.Signed, DedupKey, Recovery, OnDrain, Environment, Credentials, Limits, Sandbox, Capture,
            ExitCodes, OkNeeds, FailureMarker, PointOfNoReturn, LookUp, Release, Fields, On, Record,
        ],
        Rules = OfReport,
    };

    /// <summary>
    /// Work that is never started twice: its doubt must hold a key, and a drain must not start it again. No other is ever in doubt.
    /// </summary>
    private static void OfReport(JsonObject schema)
    {
        schema["if"] = new JsonObject
        {
            ["properties"] = new JsonObject { [Recovery.Name] = new JsonObject { ["const"] = "report" } },
            ["required"] = new JsonArray(Recovery.Name),
        };
        schema["then"] = new JsonObject
        {
            ["properties"] = new JsonObject { [OnDrain.Name] = new JsonObject { ["const"] = "finish" } },
            ["required"] = new JsonArray(DedupKey.Name),
        };
        schema["else"] = new JsonObject
        {
            ["properties"] = new JsonObject { [PointOfNoReturn.Name] = false, [LookUp.Name] = false, [Release.Name] = false },
        };
    }
}
