namespace OpsAgent.Agent.Work.Ledger;

/// <summary>The spelling of <see cref="WorkState"/> towards people.</summary>
internal static class WorkStateNames
{
    private static readonly string[] Names = ["queued", "starting", "running", "doubt", "settled"];

    public static string ToName(this WorkState state) => Names[(int)state];

    public static bool TryParse(string text, out WorkState state)
    {
        var index = Array.IndexOf(Names, text);
        state = (WorkState)Math.Max(index, 0);
        return index >= 0;
    }
}
