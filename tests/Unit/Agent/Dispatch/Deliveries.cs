using System.Text;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;

namespace OpsAgent.Tests.Unit.Agent.Dispatch;

/// <summary>Makes deliveries for tests.</summary>
internal static class Deliveries
{
    public static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Delivery Of(string body, string? id = null) => Of(Encoding.UTF8.GetBytes(body), id);

    public static Delivery Of(byte[] body, string? id = null) => new()
    {
        Body = body,
        Id = id is null ? null : new DeliveryId(id),
        ReceivedAt = Now,
        Token = new object(),
    };
}
