namespace OpsAgent.Tests.Demo;

/// <summary>--keep: how to talk to what is left running.</summary>
internal static class Invitation
{
    public static async Task HoldAsync(Stage stage, Voice voice, CancellationToken stop)
    {
        var folder = stage.Folder;
        voice.Step("All is left running, until Ctrl-C");
        voice.Plain("   In another terminal, paste");
        voice.Plain();
        foreach (var (name, value) in stage.Contact)
        {
            voice.Plain($"     export {name}={value}");
        }

        voice.Plain($"     opsctl={folder.OpsCtl}");
        voice.Plain();
        voice.Plain("   and then any of these");
        voice.Plain();
        foreach (var command in (string[])["status", "watch", "ping --count 0", $"{string.Join(' ', Story.SendArguments)} force:=true --wait", "work list", "--help"])
        {
            voice.Plain($"     $opsctl {command}");
        }

        voice.Plain();
        voice.Plain($"   agent's log       {folder.AgentLog}");
        voice.Plain($"   ledger and door   {folder.State}");
        voice.Plain($"   cached logs       {Path.Combine(stage.Cache, "panda-logs")}");
        voice.Plain($"   the whole tree    {folder.Tree}");
        while (!stop.IsCancellationRequested)
        {
            if (stage.Agent.HasExited)
            {
                throw new SurpriseException("the agent has ended by itself");
            }

            await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, stop));
        }
    }
}
