using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Door;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Work;

/// <summary>opsctl work cancel, settle and retry: only a running agent changes its requests.</summary>
internal static class WorkChanges
{
    public static OpsCommand Cancel(GlobalOptions options, Surroundings surroundings)
    {
        var id = WorkCommand.Id();
        var force = new Option<bool>("--force")
        {
            Description = "also one that is never started twice and may have had its effect: it is in doubt then",
        };
        var command = new OpsCommand(
            "cancel",
            "Ends a request: what is queued is settled at once, what runs is ended with all that it started.",
            "opsctl work cancel 0198c1f2a3b4")
        {
            id, force,
        };
        command.SetAction((line, cancellationToken) => AskAsync(
            line, options, surroundings, $"{Uri.EscapeDataString(line.GetRequiredValue(id))}/cancel{(line.GetValue(force) ? "?force=true" : "")}",
            DoorShapesJson.Default.ChangeResult, WorkScreen.Show, cancellationToken));
        return command;
    }

    public static OpsCommand Settle(GlobalOptions options, Surroundings surroundings)
    {
        var id = WorkCommand.Id();
        var outcome = ChoiceText.Option("--as", "what became of it", "ok", "error", "unrecorded", "unverified");
        outcome.Required = true;
        var result = new Option<string?>("--result") { Description = "what its doer would have printed: a submission's task id", HelpName = "text" };
        var reason = new Option<string?>("--reason") { Description = "how you know, for those who read it later", HelpName = "text" };
        var command = new OpsCommand(
            "settle",
            "Says what became of a request in doubt, and lets its key go. error: it certainly was not done.",
            "opsctl work settle 0198c1f2a3b4 --as ok --result 31337 --reason 'seen in PanDA'",
            "opsctl work settle 0198c1f2a3b4 --as error --reason 'PanDA has no such task'")
        {
            id, outcome, result, reason,
        };
        command.SetAction((line, cancellationToken) => AskAsync(
            line, options, surroundings,
            $"{Uri.EscapeDataString(line.GetRequiredValue(id))}/settle?as={line.GetValue(outcome)}",
            DoorShapesJson.Default.ChangeResult, WorkScreen.Show, cancellationToken,
            JsonContent.Create(new SettleFinding(line.GetValue(result), line.GetValue(reason)), DoorShapesJson.Default.SettleFinding)));
        return command;
    }

    public static OpsCommand Retry(GlobalOptions options, Surroundings surroundings)
    {
        var id = WorkCommand.Id();
        var command = new OpsCommand(
            "retry",
            "Makes a new request of one that has ended: the same body, another id. Refused for what was done or is in doubt.",
            "opsctl work retry 0198c1f2a3b4")
        {
            id,
        };
        command.SetAction((line, cancellationToken) => AskAsync(
            line, options, surroundings, $"{Uri.EscapeDataString(line.GetRequiredValue(id))}/retry", DoorShapesJson.Default.RetryResult, WorkScreen.Show, cancellationToken));
        return command;
    }

    private static async Task<int> AskAsync<T>(
        ParseResult line,
        GlobalOptions options,
        Surroundings surroundings,
        string what,
        JsonTypeInfo<T> shape,
        Action<Screen, T> show,
        CancellationToken cancellationToken,
        HttpContent? content = null)
    {
        using var door = new DoorClient(StateFolder.Of(line, options, surroundings));
        try
        {
            var answer = await door.PostToDoerAsync($"/v1/work/{what}", content, shape, cancellationToken);
            show(new Screen(surroundings, line.GetValue(options.Output)), answer);
            return ExitCode.Ok;
        }
        catch (NoAgentException e)
        {
            throw StatusCommand.NoAgent(e);
        }
    }
}
