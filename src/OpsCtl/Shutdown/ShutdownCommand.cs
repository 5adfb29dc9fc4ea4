using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using OpsAgent.OpsCtl.Bus;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Send;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Shutdown;

/// <summary>opsctl shutdown.</summary>
internal static class ShutdownCommand
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

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
        command.SetAction(async (line, cancellationToken) =>
        {
            var settings = BrokerSettingsReader.Read(line, options, surroundings);
            var screen = new Screen(surroundings, line.GetValue(options.Output));
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
            await using var bus = surroundings.Bus(settings);
            await bus.ConnectAsync(IOpsBus.ConnectTimeout, cancellationToken);
            await bus.SendConfirmedAsync(new BusRequest(settings.Queue, RequestBody.ToUtf8(body), Lifetime), cancellationToken);
            if (line.GetValue(wait))
            {
                await GoneAsync(StateFolder.Of(line, options, surroundings), line.GetValue(timeout), surroundings.Time, cancellationToken);
            }

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
        if (!surroundings.InIsTerminal)
        {
            throw new OpsCtlException(ExitCode.Usage, "there is no terminal to ask for confirmation", "add --yes to shut the agent down");
        }

        await surroundings.Error.WriteAsync($"Shut down the agent that serves {settings.Queue} at {settings.Address}? [y/N] ");
        var answer = await surroundings.In.ReadLineAsync(cancellationToken);
        return answer?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    private static async Task GoneAsync(StateFolder folder, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (Answers(folder.Socket))
        {
            if (time.GetElapsedTime(started) > timeout)
            {
                throw new OpsCtlException(
                    ExitCode.Negative,
                    $"the agent still runs after {Ages.Of(timeout)}",
                    "it may drain long work: opsctl work list --state running; it may refuse this sender: see its log");
            }

            await Task.Delay(Step, time, cancellationToken);
        }
    }

    private static bool Answers(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException e)
        {
            // Not there, or nobody behind it; anything else, such as a missing permission, says nothing about its end.
            return e.SocketErrorCode is not (SocketError.ConnectionRefused or SocketError.AddressNotAvailable) && File.Exists(path);
        }
    }
}
