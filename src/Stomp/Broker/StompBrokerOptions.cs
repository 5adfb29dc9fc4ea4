using System.Text;

namespace OpsAgent.Stomp.Broker;

/// <summary>
/// Everything a broker has to know. Checked when it is started. There is no address: it listens on the loopback interface and
/// nowhere else.
/// </summary>
public sealed record StompBrokerOptions
{
    /// <summary>The TCP port; 0: a free one, which <see cref="StompBroker.Port"/> then tells.</summary>
    public int Port { get; init; }

    /// <summary>Passwords by login. Empty: anybody may connect, whatever login is sent. Never printed nor logged.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();

    /// <summary>What clients may cost in memory, and how many there may be.</summary>
    public StompBrokerLimits Limits { get; init; } = new();

    /// <summary>
    /// The shortest interval at which the broker sends heart-beats; a client that wants fewer gets fewer. Zero: it never sends any.
    /// </summary>
    public TimeSpan HeartBeatSend { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The shortest interval at which the broker wants heart-beats; a client that offers fewer is held to those. Zero: a client's
    /// silence is no sign of its death.
    /// </summary>
    public TimeSpan HeartBeatReceive { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>From a connection's opening until its CONNECT frame is complete; then it is closed.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A client that takes nothing for this long while something is to be written is taken for dead.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Says what can't work, without starting a broker.</summary>
    /// <exception cref="ArgumentException">Something is wrong; all of it is said.</exception>
    public void Check() => BrokerOptionsCheck.Check(this);

    private bool PrintMembers(StringBuilder text)
    {
        text.Append($"Port = {Port}, Users = {string.Join(", ", Users.Keys)}, Limits = {Limits}, HeartBeatSend = {HeartBeatSend}, ");
        text.Append($"HeartBeatReceive = {HeartBeatReceive}, ConnectTimeout = {ConnectTimeout}, WriteTimeout = {WriteTimeout}");
        return true;
    }
}
