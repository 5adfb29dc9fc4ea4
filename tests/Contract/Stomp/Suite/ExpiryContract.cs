using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.Suite;

/// <summary>Messages that grow old.</summary>
public abstract class ExpiryContract(ContractBroker broker) : BrokerContract(broker)
{
    [SuiteFact]
    public async Task A_message_that_waited_too_long_is_dropped_where_listed()
    {
        var queue = NewQueue();
        await using var client = await ConnectAsync();
        var soon = TimeProvider.System.GetUtcNow().AddMilliseconds(300);

        await client.SendAsync(queue, "expired", new KeyValuePair<string, string>("expires", "1000000000000"));
        await client.SendAsync(queue, "expires soon", new KeyValuePair<string, string>("expires", $"{soon.ToUnixTimeMilliseconds()}"));
        await client.SendAsync(queue, "expires late", new KeyValuePair<string, string>("expires", "9000000000000"));
        await client.SendAsync(queue, "short-lived", new KeyValuePair<string, string>("expiration", "300"));
        await client.SendAsync(queue, "long-lived", new KeyValuePair<string, string>("expiration", "900000"));
        var enough = TimeProvider.System.GetUtcNow().AddMilliseconds(400);
        await Eventually.HoldsAsync(() => TimeProvider.System.GetUtcNow() > enough, "the clock has moved on");

        string[] absolute = Traits.HonoursExpires ? ["expires late"] : ["expired", "expires soon", "expires late"];
        string[] relative = Traits.HonoursExpiration ? ["long-lived"] : ["short-lived", "long-lived"];
        await LeavesAsync(queue, [.. absolute, .. relative]);
    }
}
