using System.Text.Json.Nodes;
using OpsAgent.OpsCtl.Bus;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Send;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Doctor.Checks;

/// <summary>
/// Connects, sends itself a message and sees it come back, then pings the agent. Nobody else's queue is read, and nothing stays: both
/// messages expire.
/// </summary>
internal sealed class BrokerCheck(DoctorScene scene, Func<BrokerSettings> settings) : IDoctorCheck
{
    private const string DefaultLogin = "admin";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    public string Name => "broker";

    public async Task RunAsync(Findings findings, CancellationToken stop)
    {
        var broker = settings();
        Judge(broker, findings);
        await using var bus = scene.Surroundings.Bus(broker);
        try
        {
            await bus.ConnectAsync(scene.CallLimit / broker.Endpoints.Count, stop);
        }
        catch (OpsCtlException e)
        {
            findings.Fail("connection", e.Message, e.Advice);
            return;
        }

        findings.Ok("connection", $"connected to {broker.Address} as {broker.User}, {(broker.Tls is null ? "plain text" : "TLS")}");
        var inbox = $"/queue/epicprod.ops.doctor.{scene.Surroundings.HostName}.{Environment.ProcessId}.{Guid.NewGuid().ToString("N")[..8]}";
        if (await CameBackAsync(bus, broker, inbox, findings, stop))
        {
            await PingAsync(bus, broker, inbox + ".pong", findings, stop);
        }
    }

    private static void Judge(BrokerSettings broker, Findings findings)
    {
        if (broker.Tls is null && broker.Endpoints.Any(static e => !e.IsLoopback()))
        {
            findings.Warn(
                "plaintext",
                $"user and password travel to {broker.Address} in plain text",
                "use TLS: ACTIVEMQ_USE_SSL=true and ACTIVEMQ_SSL_CA_CERTS");
        }

        if (broker is { User: DefaultLogin, Password: DefaultLogin })
        {
            findings.Warn(
                "login",
                "the broker's user and password are the default ones, which everybody knows",
                "give the agent a user of its own: ACTIVEMQ_USER, ACTIVEMQ_PASSWORD");
        }
    }

    private async Task<bool> CameBackAsync(IOpsBus bus, BrokerSettings broker, string inbox, Findings findings, CancellationToken stop)
    {
        var body = new JsonObject { ["msg_type"] = "doctor_echo", ["namespace"] = broker.Namespace };
        if (await AskAsync(bus, inbox, inbox, body, findings, "round trip", stop) is not { } answer)
        {
            return false;
        }

        if (answer.Came)
        {
            findings.Ok("round trip", "a message to a queue of its own came back");
            return true;
        }

        findings.Fail(
            "round trip",
            $"a message to a queue of its own did not come back within {Patience.TotalSeconds:0} s",
            $"may {broker.User} read and write queues whose names begin with epicprod.ops.? The watchdog's reply queues do");
        return false;
    }

    private async Task PingAsync(IOpsBus bus, BrokerSettings broker, string inbox, Findings findings, CancellationToken stop)
    {
        var body = new JsonObject { ["msg_type"] = "health_ping", ["namespace"] = broker.Namespace, ["reply_to"] = inbox };
        if (await AskAsync(bus, broker.Queue, inbox, body, findings, "agent", stop) is not { } answer)
        {
            return;
        }

        if (answer.Came)
        {
            var pong = JsonText.TryObject(answer.Body);
            findings.Ok("agent", $"{(pong is { } p ? JsonText.Field(p, "agent") : null) ?? "an agent"} answers at {broker.Queue}");
        }
        else
        {
            findings.Warn(
                "agent",
                $"no agent answered at {broker.Queue} within {Patience.TotalSeconds:0} s",
                "is it meant to run? systemctl status epicprod-ops-agent");
        }
    }

    /// <summary>Sends and waits for an answer; null after adding why it can't be sent.</summary>
    private async Task<Answer?> AskAsync(
        IOpsBus bus, string destination, string inbox, JsonObject body, Findings findings, string subject, CancellationToken stop)
    {
        var came = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await using var subscription = bus.Subscribe(inbox, m => came.TrySetResult(m.Body.ToArray()));
            await bus.SendConfirmedAsync(new BusRequest(destination, RequestBody.ToUtf8(body), Lifetime), stop)
                .WaitAsync(Patience, scene.Time, stop);
            return new Answer(true, await came.Task.WaitAsync(Patience, scene.Time, stop));
        }
        catch (TimeoutException)
        {
            return new Answer(false, []);
        }
        catch (OpsCtlException e)
        {
            findings.Fail(subject, e.Message, e.Advice);
            return null;
        }
    }

    private sealed record Answer(bool Came, byte[] Body);
}
