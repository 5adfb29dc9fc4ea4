namespace OpsAgent.Tests.Demo;

/// <summary>The whole program, and what it does when something goes wrong.</summary>
internal static class DemoProgram
{
    public static async Task<int> RunAsync(string[] arguments, Voice voice)
    {
        if (DemoArguments.Parse(arguments) is not { } asked)
        {
            voice.Plain(DemoArguments.Usage);
            return DemoExit.Usage;
        }

        using var stop = StopRequest.Listen(asked.Lifeline);
        DemoFolder folder;
        try
        {
            folder = new DemoFolder(asked.Folder);
        }
        catch (UnavailableException e)
        {
            voice.Plain($"demo: {e.Message}");
            return DemoExit.Unavailable;
        }

        var code = await ShowAsync(folder, asked, voice, stop.Token);
        if (code == DemoExit.Surprised)
        {
            folder.KeepEvidence();
            voice.Plain($"demo: the agent's log is kept: {folder.AgentLog}");
        }
        else
        {
            folder.Remove();
            voice.Plain($"Nothing is left running, and {folder.Path} is removed.");
        }

        return code;
    }

    private static async Task<int> ShowAsync(DemoFolder folder, DemoArguments asked, Voice voice, CancellationToken stop)
    {
        await using var stage = new Stage(folder, voice);
        try
        {
            await new Story(stage, asked.Breakage, voice, stop).TellAsync();
            if (asked.Keep)
            {
                await Invitation.HoldAsync(stage, voice, stop);
            }

            voice.Step("The end, in order");
            await stage.TakeDownAsync();
            return DemoExit.Shown;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            voice.Plain();
            voice.Plain("demo: interrupted; everything is ended now");
            await stage.TakeDownAsync();
            return DemoExit.Interrupted;
        }
        catch (UnavailableException e)
        {
            voice.Plain();
            voice.Plain($"demo: {e.Message}");
            return DemoExit.Unavailable;
        }
        catch (Exception e)
        {
            // Whatever it was: a newcomer is to see what, and where to look.
            voice.Plain();
            voice.Plain($"demo: {(e is SurpriseException ? e.Message : e)}");
            return DemoExit.Surprised;
        }
    }
}
