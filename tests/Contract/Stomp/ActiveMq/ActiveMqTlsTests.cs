using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.ActiveMq;

[Collection(ActiveMqCollection.Name)]
public sealed class ActiveMqTlsTests(SharedActiveMq shared)
{
    private TestCertificates Files => shared.Broker.Certificates;

    [ServerFact("activemq")]
    public async Task With_the_brokers_CA_messages_go_through()
    {
        await using var client = await BrokerClient.ConnectedAsync(SharedActiveMq.TlsOptions(shared.Broker, new StompTlsOptions { CaFile = Files.CaFile }));
        var queue = $"/queue/{Guid.NewGuid():N}";
        client.Subscribe(queue, StompAckMode.Auto);

        var text = new string('x', 200_000);
        await client.SendAsync(queue, text);

        Assert.Equal(text, BrokerClient.Text(await client.ReceivesAsync()));
        await client.LeaveAsync();
    }

    [ServerFact("activemq")]
    public async Task A_broker_of_another_CA_is_refused() =>
        await RefusedAsync(new StompTlsOptions { CaFile = Files.ForeignCaFile }, "errors in the certificate chain");

    [ServerFact("activemq")]
    public async Task A_broker_that_the_system_does_not_know_is_refused() =>
        await RefusedAsync(new StompTlsOptions { UseSystemRoots = true }, "errors in the certificate chain");

    [ServerFact("activemq")]
    public async Task A_broker_whose_certificate_names_another_host_is_refused() =>
        await RefusedAsync(new StompTlsOptions { CaFile = Files.CaFile, TargetHost = "broker.example.org" }, "RemoteCertificateNameMismatch");

    [ServerFact("activemq")]
    public async Task A_plain_port_is_no_TLS_broker()
    {
        var options = SharedActiveMq.TlsOptions(shared.Broker, new StompTlsOptions { CaFile = Files.CaFile }) with
        {
            Endpoints = [new StompEndpoint("localhost", shared.Broker.Port)],
            ConnectTimeout = TimeSpan.FromSeconds(3),
        };
        await using var client = BrokerClient.Started(options);

        await client.SeesAsync(StompChangeKind.ConnectFailed);
        Assert.DoesNotContain(client.Changes, c => c.Kind == StompChangeKind.Connected);
    }

    [ServerFact("activemq")]
    public async Task A_broker_that_asks_for_a_certificate_lets_in_its_own_CAs_clients_only()
    {
        await using var broker = await ActiveMqBroker.StartAsync(new ActiveMqOptions { NeedClientAuth = true });
        var files = broker.Certificates;
        var none = new StompTlsOptions { CaFile = files.CaFile };
        var own = none with { ClientCertificateFile = files.ClientFile, ClientKeyFile = files.ClientKeyFile };
        var foreign = none with { ClientCertificateFile = files.ForeignClientFile, ClientKeyFile = files.ForeignClientKeyFile };

        await using (var client = await BrokerClient.ConnectedAsync(SharedActiveMq.TlsOptions(broker, own)))
        {
            await client.SendAsync("/queue/a", "with a certificate");
        }

        foreach (var refused in new[] { none, foreign })
        {
            await using var client = BrokerClient.Started(SharedActiveMq.TlsOptions(broker, refused));
            await client.SeesAsync(StompChangeKind.ConnectFailed, times: 2);
            Assert.DoesNotContain(client.Changes, c => c.Kind == StompChangeKind.Connected);
        }
    }

    private async Task RefusedAsync(StompTlsOptions tls, string reason)
    {
        await using var client = BrokerClient.Started(SharedActiveMq.TlsOptions(shared.Broker, tls));

        Assert.Contains(reason, (await client.SeesAsync(StompChangeKind.ConnectFailed)).Reason);
        Assert.DoesNotContain(client.Changes, c => c.Kind == StompChangeKind.Connected);
    }
}
