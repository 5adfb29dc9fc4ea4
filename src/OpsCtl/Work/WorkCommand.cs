using System.CommandLine;
using OpsAgent.Abstractions;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Door;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Work;

/// <summary>opsctl work: list, show and why; its changes are <see cref="WorkChanges"/>.</summary>
internal static class WorkCommand
{
    public static Command Build(GlobalOptions options, Surroundings surroundings) =>
        new OpsCommand(
            "work",
            "Requests that the agent on this host has taken: list, show, why; cancel, settle, retry.",
            "opsctl work list --state running",
            "opsctl work why 0198c1f2a3b4")
        {
            List(options, surroundings), Show(options, surroundings), Why(options, surroundings),
            WorkChanges.Cancel(options, surroundings), WorkChanges.Settle(options, surroundings), WorkChanges.Retry(options, surroundings),
        };

    private static OpsCommand List(GlobalOptions options, Surroundings surroundings)
    {
        var live = new LiveOptions();
        var state = ChoiceText.Option("--state", "only in this state", "queued", "starting", "running", "doubt", "settled");
        var type = new Option<string?>("--type") { Description = "only of this msg_type", HelpName = "msg_type" };
        var sender = new Option<string?>("--sender") { Description = "only of this sender, as work show names it", HelpName = "sender" };
        var limit = NumberText.Option("--limit", "at most so many, 1 to 1000", otherwise: 50, least: 1, most: 1000);
        var command = new OpsCommand(
            "list",
            "Requests, newest first. With no agent running, the ledger file is read.",
            "opsctl work list",
            "opsctl work list --watch --state running",
            "opsctl work list --state queued --type fetch_payload_log -o json")
        {
            state, type, sender, limit,
        };
        live.AddTo(command);
        command.SetAction((line, cancellationToken) =>
        {
            var folder = StateFolder.Of(line, options, surroundings);
            var filter = new WorkFilter(line.GetValue(state), line.GetValue(type), line.GetValue(limit), line.GetValue(sender));
            return live.ShowAsync(line, options, surroundings, (screen, stop) => OnSourceAsync(folder, screen, async source =>
                WorkScreen.Show(screen, source.Name, await source.ListAsync(filter, stop), surroundings.Time.GetUtcNow())), cancellationToken);
        });
        return command;
    }

    private static OpsCommand Show(GlobalOptions options, Surroundings surroundings)
    {
        var id = Id();
        var command = new OpsCommand("show", "One request, whole.", "opsctl work show 0198c1f2a3b4") { id };
        command.SetAction((line, cancellationToken) => OnSourceAsync(line, options, surroundings, async (source, screen) =>
            WorkScreen.Show(screen, source.Name, await source.ShowAsync(line.GetRequiredValue(id), cancellationToken))));
        return command;
    }

    private static OpsCommand Why(GlobalOptions options, Surroundings surroundings)
    {
        var id = Id();
        var command = new OpsCommand(
            "why", "Why a request is where it is, in one line, with the evidence.", "opsctl work why 0198c1f2a3b4") { id };
        command.SetAction((line, cancellationToken) => OnSourceAsync(line, options, surroundings, async (source, screen) =>
            WorkScreen.Show(screen, source.Name, await source.WhyAsync(line.GetRequiredValue(id), surroundings.Time.GetUtcNow(), cancellationToken))));
        return command;
    }

    private static async Task<int> OnSourceAsync(
        ParseResult line, GlobalOptions options, Surroundings surroundings, Func<IWorkSource, Screen, Task> act)
    {
        var screen = new Screen(surroundings, line.GetValue(options.Output));
        await OnSourceAsync(StateFolder.Of(line, options, surroundings), screen, source => act(source, screen));
        return ExitCode.Ok;
    }

    /// <summary>Asks the agent; if none runs, the ledger file, and says so.</summary>
    private static async Task OnSourceAsync(StateFolder folder, Screen screen, Func<IWorkSource, Task> act)
    {
        try
        {
            using var agent = new DoorWorkSource(new DoorClient(folder));
            await act(agent);
        }
        catch (NoAgentException e)
        {
            using var ledger = LedgerWorkSource.Open(folder, e);
            screen.Note($"no agent runs; read from {folder.Ledger}");
            await act(ledger);
        }
    }

    /// <summary>The request that a command is about.</summary>
    public static Argument<string> Id()
    {
        var id = new Argument<string>("id") { Description = "the request's id", HelpName = "request_id" };
        id.Validators.Add(static result =>
        {
            if (!RequestId.TryParse(result.GetValueOrDefault<string>(), out _))
            {
                result.AddError($"that is no request id: 1 to {RequestId.MaxLength} of A-Z a-z 0-9 . _ : - and not . or ..");
            }
        });
        return id;
    }
}
