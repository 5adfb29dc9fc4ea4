using System.Text;

using OpsAgent.Stomp.Connection;

namespace OpsAgent.Stomp;

/// <summary>Everything a client has to know. Checked when the client is made.</summary>
public sealed record StompClientOptions
{
    /// <summary>Tried in turn.</summary>
    public required IReadOnlyList<StompEndpoint> Endpoints { get; init; }

    /// <summary>User name; null: the header is not sent.</summary>
    public string? Login { get; init; }

    /// <summary>Password; null: the header is not sent. Never printed nor logged.</summary>
    public string? Passcode { get; init; }

    /// <summary>The <c>host</c> header; null: the endpoint's host. RabbitMQ takes it as its virtual host.</summary>
    public string? VirtualHost { get; init; }

    /// <summary>The <c>client-id</c> header; null: not sent. ActiveMQ refuses an id that another live connection holds.</summary>
    public string? ClientId { get; init; }

    /// <summary>The versions offered, of 1.0, 1.1 and 1.2.</summary>
    public IReadOnlyList<string> AcceptVersions { get; init; } = ["1.0", "1.1", "1.2"];

    /// <summary>The client offers to send something at least this often; zero: no heart-beat is offered.</summary>
    public TimeSpan HeartBeatSend { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The client wants to receive something at least this often; zero: silence is no sign of death.</summary>
    public TimeSpan HeartBeatReceive { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>TLS; null: plain TCP, password included.</summary>
    public StompTlsOptions? Tls { get; init; }

    /// <summary>What a connection may cost in memory.</summary>
    public StompLimits Limits { get; init; } = new();

    /// <summary>For one endpoint: name look-up, TCP, TLS and the broker's answer to CONNECT together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The longest pause between the failure of one round of endpoints and the start of the next. Short, so that a client is back within
    /// a second: a broker that has just started takes half of that for a login.
    /// </summary>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(0.4);

    /// <summary>A peer that takes nothing for this long while something is to be written is taken for dead.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A broker that has not confirmed a message so long after it was sent is taken for dead.</summary>
    public TimeSpan ReceiptTimeout { get; init; } = TimeSpan.FromSeconds(60);

    private bool PrintMembers(StringBuilder text)
    {
        text.Append($"Endpoints = {string.Join(", ", Endpoints)}, Login = {Login}, Passcode = {(Passcode is null ? "none" : "***")}, ");
        text.Append($"VirtualHost = {VirtualHost}, ClientId = {ClientId}, AcceptVersions = {string.Join(",", AcceptVersions)}, ");
        text.Append($"HeartBeatSend = {HeartBeatSend}, HeartBeatReceive = {HeartBeatReceive}, Tls = {Tls}, Limits = {Limits}, ");
        text.Append($"ConnectTimeout = {ConnectTimeout}, MaxReconnectDelay = {MaxReconnectDelay}, WriteTimeout = {WriteTimeout}, ");
        text.Append($"ReceiptTimeout = {ReceiptTimeout}");
        return true;
    }

    /// <summary>Says what can't work, without making a client; certificate files are read.</summary>
    /// <exception cref="ArgumentException">Something is wrong; all of it is said.</exception>
    public void Check() => OptionsCheck.Check(this);
}
