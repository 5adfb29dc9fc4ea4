namespace OpsAgent.Tests.Chaos;

/// <summary>A capability for each shape of tree that the dummy doer can grow, four at a time.</summary>
internal static class TreeManifest
{
    public const int Slots = 4;

    /// <summary>
    /// A shape whose child, once its parent is gone, nothing tells to belong to it but that the agent has seen it before: it must have
    /// grown by then, however slow the machine is.
    /// </summary>
    public const string HeldByMemory = "clear_env_session";

    /// <summary>What the dummy doer is told, and how its run ends.</summary>
    public static readonly IReadOnlyList<(string Type, string[] Arguments, string Outcome)> Shapes =
    [
        ("flat", ["tree", "30"], "timeout"),
        ("double_fork", ["doublefork"], "timeout"),
        ("new_session", ["setsid"], "timeout"),
        ("fork_storm", ["forkstorm"], "timeout"),
        ("hold_stdout", ["hold-stdout"], "ok"),
        ("leader_gone", ["leader-gone"], "ok"),
        ("ignore_term", ["ignore-term"], "timeout"),
        ("children_ignore_term", ["children-ignore-term", "30"], "timeout"),
        ("stopped", ["stopped"], "timeout"),
        ("clear_env", ["clear-env"], "timeout"),
        (HeldByMemory, ["clear-env-setsid"], "timeout"),
    ];

    public static string Text() => $"""
        [lane.trees]
        slots = {Slots}

        {string.Join("\n\n", Shapes.Select(Capability))}
        """;

    private static string Capability((string Type, string[] Arguments, string Outcome) shape)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "dummy-doer");
        var arguments = string.Concat(shape.Arguments.Select(a => $", \"{a}\""));
        return $$"""
            [capability.{{shape.Type}}]
            description = "grows a tree"
            doer        = ["{{program}}"{{arguments}}]
            timeout     = "{{(shape.Type == HeldByMemory ? "5s" : "1s")}}"
            grace       = "1s"
            lane        = "trees"
            fields      = { n = { type = "id", required = true } }
            """;
    }
}
