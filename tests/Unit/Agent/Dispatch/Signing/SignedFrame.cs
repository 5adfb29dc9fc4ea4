using System.Text;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Capabilities.Signing;

namespace OpsAgent.Tests.Unit.Agent.Dispatch.Signing;

/// <summary>Signed deliveries of a test's making.</summary>
internal static class SignedFrame
{
    public const string Queue = "/queue/epicprod.ops";

    public static readonly DateTimeOffset Now = Deliveries.Now;

    /// <summary>A key whose bytes are all that number.</summary>
    public static SigningKey Key(string id, byte filled = 1) => new(id, Enumerable.Repeat(filled, 32).ToArray());

    public static IReadOnlyList<KeyValuePair<string, string>> Sign(SigningKey key, string body, DateTimeOffset? at = null, string queue = Queue) =>
        RequestSignature.Headers(key, queue, Encoding.UTF8.GetBytes(body), at ?? Now);

    public static Delivery Of(
        string body, IEnumerable<KeyValuePair<string, string>>? headers = null, DateTimeOffset? sentAt = null, string? user = null,
        string? id = null, bool dropped = false) => new()
    {
        Body = Encoding.UTF8.GetBytes(body),
        Headers = [.. headers ?? []],
        HeadersDropped = dropped,
        BrokerUser = user,
        SentAt = sentAt,
        ReceivedAt = Now,
        Id = id is null ? null : new DeliveryId(id),
        Token = new object(),
    };
}
