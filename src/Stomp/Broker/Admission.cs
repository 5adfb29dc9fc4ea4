using System.Security.Cryptography;
using System.Text;
using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Broker;

/// <summary>Who may connect, and what is agreed on then.</summary>
internal sealed class Admission(StompBrokerOptions options)
{
    private static readonly StompVersion[] HighestFirst = [StompVersion.V12, StompVersion.V11, StompVersion.V10];

    private readonly Dictionary<string, byte[]> _passcodes = options.Users.ToDictionary(u => u.Key, u => Digest(u.Value));

    /// <summary>What the broker offers, as it stands in CONNECTED.</summary>
    public HeartBeat Offer { get; } = new(options.HeartBeatSend, options.HeartBeatReceive);

    /// <summary>Reads a client's first frame.</summary>
    /// <exception cref="FrameRefusedException">The client may not connect.</exception>
    /// <exception cref="StompProtocolException">A header makes no sense.</exception>
    public (StompVersion Version, HeartBeat HeartBeat) Admit(StompFrame frame)
    {
        if (frame.Command is not (StompCommand.Connect or StompCommand.Stomp))
        {
            throw new FrameRefusedException($"the first frame is CONNECT or STOMP, not {frame.Command.Text()}");
        }

        var version = Agree(frame.Headers.Get("accept-version"));
        var heartBeat = Offer.Agree(frame.Headers.Get(KnownHeaders.HeartBeat));
        CheckLogin(frame.Headers.Get("login") ?? "", frame.Headers.Get("passcode") ?? "");

        // Heart-beats came with 1.1.
        return (version, version == StompVersion.V10 ? default : heartBeat);
    }

    private static StompVersion Agree(string? accepted)
    {
        if (accepted is null)
        {
            return StompVersion.V10;
        }

        var theirs = accepted.Split(',', StringSplitOptions.TrimEntries);
        foreach (var version in HighestFirst)
        {
            if (theirs.Contains(version.Text()))
            {
                return version;
            }
        }

        throw new FrameRefusedException("supported protocol versions are 1.0, 1.1 and 1.2") { Versions = "1.0,1.1,1.2" };
    }

    private void CheckLogin(string login, string passcode)
    {
        if (_passcodes.Count == 0)
        {
            return;
        }

        // Digests are of one length, and an unknown login takes as long as a wrong passcode.
        var known = _passcodes.TryGetValue(login, out var expected);
        if (!CryptographicOperations.FixedTimeEquals(Digest(passcode), expected ?? new byte[SHA256.HashSizeInBytes]) || !known)
        {
            throw new FrameRefusedException("login or passcode is wrong");
        }
    }

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
