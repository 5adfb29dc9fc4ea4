using OpsAgent.OpsCtl;
using OpsAgent.OpsCtl.Bus;
using OpsAgent.OpsCtl.Settings;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

/// <summary>What is advised where a broker can't be reached, with the reasons that the STOMP client really gives.</summary>
public sealed class BrokerFailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("User name [ops] or password is invalid.")]
    [InlineData("Bad CONNECT")]
    [InlineData("Access refused for user 'ops'")]
    public async Task A_login_that_is_refused_is_told_at_once(string words)
    {
        await using var server = new ScriptedStompServer();
        var connecting = ConnectAsync(Settings(server.Port));
        await (await server.AcceptAsync()).SendRawAsync($"ERROR\nmessage:{words}\n\n\0");

        var failure = await Assert.ThrowsAsync<OpsCtlException>(() => connecting);

        Assert.Equal(69, failure.ExitCode);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.Contains("correct user 'ops' or its password", failure.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_several_brokers_each_must_have_refused_and_each_is_told()
    {
        await using var first = new ScriptedStompServer();
        await using var second = new ScriptedStompServer();
        var connecting = ConnectAsync(Settings(first.Port, second.Port));
        await (await first.AcceptAsync()).SendRawAsync("ERROR\nmessage:password of the first\n\n\0");
        var other = await second.AcceptAsync();
        Assert.False(connecting.IsCompleted);
        await other.SendRawAsync("ERROR\nmessage:password of the second\n\n\0");

        var failure = await Assert.ThrowsAsync<OpsCtlException>(() => connecting);

        Assert.Contains($"localhost:{first.Port}: the broker refused the connection: password of the first", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"localhost:{second.Port}: the broker refused the connection: password of the second", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_is_only_stopping_is_tried_again()
    {
        await using var server = new ScriptedStompServer();
        var connecting = ConnectAsync(Settings(server.Port));
        var refused = await server.AcceptAsync();
        await refused.SendRawAsync("ERROR\nmessage:Broker is stopping\n\n\0");
        refused.Drop();
        await server.GrantAsync();

        await connecting;
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_told_at_once()
    {
        using var certificates = new TestCertificates(_folder.At("tls"));
        await using var server = new ScriptedStompServer(certificates.Server);

        var failure = await Assert.ThrowsAsync<OpsCtlException>(() => ConnectAsync(
            Settings(new TlsSettings(certificates.ForeignCaFile, null, null), [server.Port])));

        Assert.Contains($"does not come from {certificates.ForeignCaFile}: name the right CA file", failure.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_speaks_something_else_is_told_at_once()
    {
        await using var server = new ScriptedStompServer();
        var connecting = ConnectAsync(Settings(server.Port));
        await (await server.AcceptAsync()).SendRawAsync("HTTP/1.1 400 Bad Request\r\n\r\n");

        var failure = await Assert.ThrowsAsync<OpsCtlException>(() => connecting);

        Assert.Contains("if it is the broker's TLS port, add --tls --ca-file FILE", failure.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_where_nothing_listens_is_tried_for_the_whole_time()
    {
        await using var gone = new ScriptedStompServer();
        gone.StopListening();
        var tries = 0;
        await using var bus = new StompOpsBus(Settings(gone.Port), _time) { OnChange = _ => Interlocked.Increment(ref tries) };
        var connecting = bus.ConnectAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
        await Eventually.HoldsAsync(() => Volatile.Read(ref tries) > 2 && _time.ArmedTimers > 0, "it is tried again");
        _time.Advance(TimeSpan.FromSeconds(10));

        var failure = await Assert.ThrowsAsync<OpsCtlException>(() => connecting);

        Assert.Contains("ConnectionRefused", failure.Message, StringComparison.Ordinal);
        Assert.Contains("nothing listens there", failure.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Name or service not known (HostNotFound)", "does not resolve", true)]
    [InlineData("no connection within 10 s", "firewall", false)]
    [InlineData("no answer within 10 s", "firewall", false)]
    [InlineData("TLS: The remote certificate is invalid according to the validation procedure: RemoteCertificateNameMismatch", "another name", true)]
    [InlineData("TLS: The remote certificate is invalid because of errors in the certificate chain: NotTimeValid", "expired", true)]
    [InlineData("TLS: Authentication failed", "TLS port", false)]
    [InlineData("the broker closed the connection", "that the broker runs", false)]
    public void Each_reason_has_its_advice(string reason, string advice, bool isFinal)
    {
        var failure = BrokerFailure.Of(reason, Settings(1));

        Assert.Contains(advice, failure.Advice, StringComparison.Ordinal);
        Assert.Equal(isFinal, failure.IsFinal);
    }

    [Fact]
    public async Task A_connection_that_goes_and_comes_is_told_and_one_that_is_ended_here_is_not()
    {
        await using var server = new ScriptedStompServer();
        var changes = new List<BusChange>();
        var bus = new StompOpsBus(Settings(server.Port), TimeProvider.System);
        await using (bus)
        {
            var connecting = bus.ConnectAsync(Eventually.Limit, CancellationToken.None);
            var first = await server.GrantAsync();
            await connecting;
            bus.OnChange = change =>
            {
                lock (changes)
                {
                    changes.Add(change);
                }
            };
            first.Drop();
            await server.GrantAsync();
            await Eventually.HoldsAsync(() => Count(changes) >= 2, "both changes");
        }

        Assert.Equal([false, true], changes.Select(static c => c.Connected));
        Assert.Contains("was lost: ", changes[0].Text, StringComparison.Ordinal);
    }

    private static int Count(List<BusChange> changes)
    {
        lock (changes)
        {
            return changes.Count;
        }
    }

    private static BrokerSettings Settings(params int[] ports) => Settings(null, ports);

    private static BrokerSettings Settings(TlsSettings? tls, int[] ports) => new()
    {
        Endpoints = [.. ports.Select(static p => new StompEndpoint("localhost", p))],
        User = "ops",
        Password = "p",
        Tls = tls,
        Queue = "/queue/a",
        SettledTopic = "",
        Namespace = "prodops",
    };

    private async Task ConnectAsync(BrokerSettings settings)
    {
        await using var bus = new StompOpsBus(settings, _time);
        await bus.ConnectAsync(TimeSpan.FromSeconds(10), CancellationToken.None).WaitAsync(Eventually.Limit);
    }
}
