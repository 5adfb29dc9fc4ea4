using System.CommandLine;
using OpsAgent.OpsCtl.Bus;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Send;
using OpsAgent.OpsCtl.Settings;
using OpsAgent.OpsCtl.Signing;

namespace OpsAgent.OpsCtl.Enqueue;

/// <summary>opsctl enqueue.</summary>
internal static class EnqueueCommand
{
    public static Command Build(GlobalOptions options, Surroundings surroundings)
    {
        var type = new Argument<string>("msg_type") { Description = "the request's type" };
        var createdBy = new Option<string>("--created-by")
        {
            Description = "who asks [else cron]",
            HelpName = "name",
            DefaultValueFactory = static _ => "cron",
        };
        var extra = new Option<string[]>("--extra")
        {
            Description = "one more field; a value of digits alone is sent as a number; may be repeated",
            HelpName = "key=value",
            DefaultValueFactory = static _ => [],
        };
        var expires = DurationText.Option("--expires", "after this the broker drops it", TimeSpan.FromHours(6), TimeSpan.FromSeconds(1));
        var command = new OpsCommand(
            "enqueue",
            "For cron: put a request into the agent's queue, however slow the broker is to shake hands. Four attempts; exit 0: confirmed.",
            "opsctl enqueue catalog_sync --created-by nightly_cron",
            "opsctl enqueue association_sweep --extra days=14 --expires 2h")
        {
            type, createdBy, extra, expires,
        };
        var signing = new SigningOptions(options, surroundings);
        signing.AddTo(command);
        command.SetAction(async (line, cancellationToken) =>
        {
            var own = FacilityFile.Over(surroundings);
            var settings = BrokerSettingsReader.Read(line, options, own).WithConnectTimeout(EnqueueRun.ConnectTimeout);
            var screen = new Screen(own, line.GetValue(options.Output));
            var body = EnqueueBody.Make(
                line.GetRequiredValue(type), settings.Namespace, line.GetRequiredValue(createdBy), line.GetValue(extra) ?? []);
            var request = new BusRequest(settings.Queue, RequestBody.ToUtf8(body), line.GetValue(expires)) { Persistent = true, Signer = signing.Signer(line) };
            await new EnqueueRun(own, settings, screen).SendAsync(request, cancellationToken);
            Show(screen, body["msg_type"]!.ToString(), settings.Queue, body["request_id"]!.ToString());
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Show(Screen screen, string type, string queue, string requestId)
    {
        if (screen.Json)
        {
            screen.Document(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("msg_type", type);
                writer.WriteString("queue", queue);
                writer.WriteString("request_id", requestId);
                writer.WriteEndObject();
            });
        }
        else
        {
            screen.Line($"enqueued {type} to {queue}");
        }
    }
}
