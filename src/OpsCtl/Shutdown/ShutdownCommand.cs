using System.CommandLine;
using System.Text.Json.Nodes;
using OpsAgent.OpsCtl.Bus;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Send;
using OpsAgent.OpsCtl.Settings;
using OpsAgent.OpsCtl.Signing;

namespace OpsAgent.OpsCtl.Shutdown;

/// <summary>opsctl shutdown.</summary>
internal static class ShutdownCommand
{
    /// <summary>With no agent there, it must not end the next one that starts.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    public static Command Build(GlobalOptions options, Surroundings surroundings)
    {
        var yes = new Option<bool>("--yes", "-y") { Description = "do not ask; needed where there is no terminal" };
        var wait = new Option<bool>("--wait") { Description = "wait until the agent on this host has closed its control socket" };
        var timeout = DurationText.Option("--timeout", "with --wait, how long", TimeSpan.FromMinutes(2));
        var command = new OpsCommand(
            "shutdown",
            "Ask the agent over the bus to end: it drains, exits with 100, and systemd does not start it again.",
            "opsctl shutdown",
            "opsctl shutdown --yes --wait --timeout 5m")
        {
            yes, wait, timeout,
        };
        var signing = new SigningOptions(options, surroundings);
        signing.AddTo(command);
        command.SetAction(async (line, cancellationToken) =>
        {
            var settings = BrokerSettingsReader.Read(line, options, surroundings);
            var signer = signing.Signer(line);
            var screen = new Screen(surroundings, line.GetValue(options.Output));
            var end = line.GetValue(wait) ? AgentEnd.Of(StateFolder.Of(line, options, surroundings), surroundings.Time) : null;
            if (!line.GetValue(yes) && !await ConfirmedAsync(settings, surroundings, cancellationToken))
            {
                screen.Note("nothing was sent");
                return ExitCode.Negative;
            }

            var body = new JsonObject
            {
                ["msg_type"] = "shutdown",
                ["sender"] = surroundings.UserName,
                ["namespace"] = settings.Namespace,
            };
            using var waiting = screen.Waiting();
            await using var bus = await BrokerSession.OpenAsync(surroundings, settings, waiting, cancellationToken);
            waiting.Say("waiting for the broker's receipt");
            var request = new BusRequest(settings.Queue, RequestBody.ToUtf8(body), Lifetime) { Signer = signer };
            await bus.SendConfirmedAsync(request, cancellationToken);
            if (end is not null)
            {
                waiting.Say("waiting until the agent has ended");
                await end.WaitAsync(line.GetValue(timeout), cancellationToken);
            }

            waiting.Say("");
            Show(screen, settings, line.GetValue(wait));
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Show(Screen screen, BrokerSettings settings, bool waited)
    {
        if (screen.Json)
        {
            screen.Document(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("queue", settings.Queue);
                writer.WriteBoolean("sent", true);
                writer.WriteBoolean("gone", waited);
                writer.WriteEndObject();
            });
        }
        else
        {
            screen.Line(waited ? "the agent has ended" : $"sent shutdown to {settings.Queue}");
        }
    }

    private static async Task<bool> ConfirmedAsync(BrokerSettings settings, Surroundings surroundings, CancellationToken cancellationToken)
    {
        if (!surroundings.CanAsk)
        {
            throw new OpsCtlException(ExitCode.Usage, "there is no terminal to ask for confirmation", "add --yes to shut the agent down");
        }

        await surroundings.Error.WriteAsync($"Shut down the agent that serves {settings.Queue} at {settings.Address}? [y/N] ");

        // On a thread of its own: a read from a terminal can't be cancelled, and Ctrl-C must end it.
        var reading = Task.Run(surroundings.In().ReadLine, CancellationToken.None);
        string? answer;
        try
        {
            answer = await reading.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await surroundings.Error.WriteLineAsync();
            throw new OpsCtlException(ExitCode.Interrupted, "interrupted", "nothing was sent");
        }

        if (answer is null)
        {
            await surroundings.Error.WriteLineAsync();
        }

        return answer?.Trim().ToLowerInvariant() is "y" or "yes";
    }
}
