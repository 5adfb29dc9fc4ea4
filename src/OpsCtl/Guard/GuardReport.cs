using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Guard;

/// <summary>Tells each decision with its reason, one a line.</summary>
internal sealed class GuardReport(Screen screen, bool dryRun)
{
    /// <summary>True if nothing is to be changed.</summary>
    public bool DryRun => dryRun;

    /// <param name="check">reap, liveness or prune.</param>
    /// <param name="decision">In one word what is done: leave, end, restart, wait, remove, skip.</param>
    /// <param name="reason">Why.</param>
    public void Say(string check, string decision, string reason)
    {
        if (screen.Json)
        {
            screen.Document(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("check", check);
                writer.WriteString("decision", decision);
                writer.WriteString("reason", reason);
                writer.WriteBoolean("dry_run", dryRun);
                writer.WriteEndObject();
            });
        }
        else
        {
            screen.Line($"guard: {check}: {(dryRun ? "(dry run) " : "")}{decision}: {reason}");
        }
    }
}
