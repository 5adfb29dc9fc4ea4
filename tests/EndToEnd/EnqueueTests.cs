using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Servers;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

[Collection(nameof(Broker))]
public sealed class EnqueueTests(Broker broker)
{
    [ServerFact("activemq", "python3-stomp")]
    public async Task A_stomp_py_receiver_sees_what_the_present_script_sends()
    {
        var queue = $"/queue/enqueued.{Guid.NewGuid().ToString("N")[..8]}";
        await using var listener = await StompPyListener.StartAsync(broker.Plain, queue);
        await using var enqueue = ChildProcess.Start(
            Deployment.OpsCtl,
            ["enqueue", "catalog_sync", "--created-by", "nightly_cron", "--extra", "days=14", "--extra", "only=a b", "--queue", queue],
            new Dictionary<string, string>
            {
                ["ACTIVEMQ_HOST"] = "localhost",
                ["ACTIVEMQ_PORT"] = broker.ActiveMq.TlsPort.ToString(),
                ["ACTIVEMQ_USER"] = ActiveMqBroker.Login,
                ["ACTIVEMQ_PASSWORD"] = ActiveMqBroker.Passcode,
                ["ACTIVEMQ_USE_SSL"] = "true",
                ["ACTIVEMQ_SSL_CA_CERTS"] = broker.ActiveMq.Certificates.CaFile,
            });

        Assert.True(await enqueue.ExitAsync() == 0, enqueue.Output);
        Assert.Equal($"enqueued catalog_sync to {queue}", enqueue.Output.Trim());
        var message = await listener.ReceivesAsync(m => m["msg_type"] == "catalog_sync", "the message");
        Assert.Equal(("prodops", "nightly_cron", "14", "a b"), (message["namespace"], message["created_by"], message["days"], message["only"]));
        Assert.NotEmpty(message["request_id"]);
        Assert.Equal("true", message.Headers["persistent"]);
        Assert.True(long.Parse(message.Headers["expires"]) > TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
    }
}
