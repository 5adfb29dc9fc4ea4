using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.Suite;

/// <summary>CONNECT: who is let in, and what is agreed on.</summary>
public abstract class LoginContract(ContractBroker broker) : BrokerContract(broker)
{
    [SuiteFact]
    public async Task The_right_password_is_let_in()
    {
        await using var client = await ConnectAsync();

        var connected = await client.SeesAsync(StompChangeKind.Connected);
        Assert.Equal("1.2", connected.Version);
        Assert.StartsWith(Traits.Server, connected.Server, StringComparison.Ordinal);
    }

    [SuiteTheory]
    [InlineData("ops", "wrong")]
    [InlineData("ops", "")]
    [InlineData("somebody", "ops-secret")]
    [InlineData(null, null)]
    public async Task A_wrong_login_is_refused_with_a_reason(string? login, string? passcode)
    {
        await using var client = BrokerClient.Started(Options with { Login = login, Passcode = passcode });

        Assert.StartsWith("the broker refused the connection: ", (await client.SeesAsync(StompChangeKind.ConnectFailed)).Reason);
        Assert.DoesNotContain(client.Changes, c => c.Kind == StompChangeKind.Connected);
        Assert.DoesNotContain(client.Changes, c => c.Reason?.Contains("ops-secret", StringComparison.Ordinal) == true);
    }

    [SuiteTheory]
    [InlineData("1.0", "1.0")]
    [InlineData("1.1", "1.1")]
    [InlineData("1.2", "1.2")]
    [InlineData("1.1,1.0", "1.1")]
    [InlineData("1.0,1.1,1.2,9.9", "1.2")]
    public async Task The_highest_version_that_both_know_is_agreed_on(string offered, string agreed)
    {
        await using var raw = await RawStompClient.OpenAsync(Port);
        await raw.SendAsync("CONNECT", [.. ConnectHeaders(), $"accept-version:{offered}"]);

        Assert.Equal(agreed, (await raw.ExpectAsync("CONNECTED"))["version"]);
    }

    [SuiteFact]
    public async Task Who_offers_no_version_gets_1_0()
    {
        await using var raw = await RawStompClient.OpenAsync(Port);
        await raw.SendAsync("CONNECT", ConnectHeaders());

        Assert.Equal("1.0", (await raw.ExpectAsync("CONNECTED"))["version"] ?? "1.0");
    }

    [SuiteFact]
    public async Task Without_a_version_in_common_there_is_an_ERROR()
    {
        await using var raw = await RawStompClient.OpenAsync(Port);
        await raw.SendAsync("CONNECT", [.. ConnectHeaders(), "accept-version:9.9"]);

        await raw.ExpectAsync("ERROR");
    }

    [SuiteFact]
    public async Task STOMP_is_another_name_of_CONNECT()
    {
        await using var raw = await RawStompClient.OpenAsync(Port);
        await raw.SendAsync("STOMP", [.. ConnectHeaders(), "accept-version:1.2"]);

        await raw.ExpectAsync("CONNECTED");
    }

    [SuiteFact]
    public async Task Lines_may_end_with_CR_LF()
    {
        await using var raw = await RawStompClient.OpenAsync(Port);
        await raw.SendRawAsync($"CONNECT\r\n{string.Concat(ConnectHeaders().Select(h => h + "\r\n"))}accept-version:1.2\r\n\r\n\0\r\n");
        await raw.ExpectAsync("CONNECTED");
        await raw.SendRawAsync($"SEND\r\ndestination:{NewTopic()}\r\nreceipt:cr\r\n\r\nbody\0\r\n");

        Assert.Empty(await raw.UntilReceiptAsync("cr"));
    }

    [SuiteFact]
    public async Task A_frame_before_CONNECT_is_answered_with_ERROR()
    {
        await using var raw = await RawStompClient.OpenAsync(Port);
        await raw.SendTextAsync("SEND", [$"destination:{NewQueue()}"], "too early");

        await raw.ExpectAsync("ERROR");
    }

    [SuiteFact]
    public async Task The_host_header_is_a_virtual_host_only_where_listed()
    {
        await using var client = BrokerClient.Started(Options with { VirtualHost = "no-such-host" });

        await client.SeesAsync(Traits.HostIsVirtualHost ? StompChangeKind.ConnectFailed : StompChangeKind.Connected);
    }

    [SuiteFact]
    public async Task A_client_id_in_use_is_refused_only_where_listed()
    {
        var options = Options with { ClientId = $"contract-{Guid.NewGuid():N}" };
        await using var first = await BrokerClient.ConnectedAsync(options);
        await using var second = BrokerClient.Started(options);

        await second.SeesAsync(Traits.ClientIdIsExclusive ? StompChangeKind.ConnectFailed : StompChangeKind.Connected);
        await first.FenceAsync();
    }
}
