using OpsAgent.Agent.Bus;

namespace OpsAgent.Agent.Hosting.Systemd;

/// <summary>Pings that the agent puts before its own dispatch.</summary>
internal static class OwnPings
{
    // Nothing is sent there: the answer stays inside.
    private static readonly byte[] Body = """{"msg_type":"health_ping","reply_to":"/temp-queue/opsagent.watchdog"}"""u8.ToArray();

    public static Delivery Make(DateTimeOffset now, Action answered) =>
        new() { Body = Body, ReceivedAt = now, Token = new OwnPing(answered) };
}
