using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using OpsAgent.Capabilities.Signing;

namespace OpsAgent.Agent.Dispatch.Signing;

/// <summary>The four headers of a signed request, as they stand in its frame: well-formed, not yet believed. Pure: no key, no clock, no disk.</summary>
internal sealed class SignatureHeaders
{
    private const int ShortestNonce = 32;
    private const int LongestNonce = 64;
    private const int LongestTime = 11; // the year 5138

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    private readonly byte[] _mac;
    private readonly string _time;

    private SignatureHeaders(string keyId, string time, string nonce, byte[] mac)
    {
        (KeyId, _time, Nonce, _mac) = (keyId, time, nonce, mac);
        SignedAt = DateTimeOffset.FromUnixTimeSeconds(long.Parse(time, CultureInfo.InvariantCulture));
    }

    /// <summary>The key that it says it was made with.</summary>
    public string KeyId { get; }

    /// <summary>32 to 64 of 0-9 a-f.</summary>
    public string Nonce { get; }

    /// <summary>When, as the signer's clock had it.</summary>
    public DateTimeOffset SignedAt { get; }

    /// <summary>Reads the headers of a frame.</summary>
    /// <param name="headers">All of them as they came, repeated ones too.</param>
    /// <param name="fault">What is wrong; null with a result, and null without one if the frame is not signed at all.</param>
    public static SignatureHeaders? TryRead(IReadOnlyList<KeyValuePair<string, string>> headers, out string? fault)
    {
        Span<int> counts = stackalloc int[4];
        string? key = null, time = null, nonce = null, mac = null;
        foreach (var (name, value) in headers)
        {
            switch (name)
            {
                case RequestSignature.KeyHeader:
                    key = value;
                    counts[0]++;
                    break;
                case RequestSignature.TimeHeader:
                    time = value;
                    counts[1]++;
                    break;
                case RequestSignature.NonceHeader:
                    nonce = value;
                    counts[2]++;
                    break;
                case RequestSignature.MacHeader:
                    mac = value;
                    counts[3]++;
                    break;
            }
        }

        fault = counts.IndexOfAnyExcept(0) < 0 ? null
            : counts.IndexOfAnyExceptInRange(0, 1) >= 0 ? "one of the headers ops-key, ops-time, ops-nonce, ops-mac is there more than once"
            : counts.Contains(0) ? "one of the headers ops-key, ops-time, ops-nonce, ops-mac is missing"
            : IsFormed(key!, time!, nonce!, mac!) ? null
            : "one of the headers ops-key, ops-time, ops-nonce, ops-mac has not its form";
        return fault is null && key is not null ? new SignatureHeaders(key, time!, nonce!, Convert.FromHexString(mac!)) : null;
    }

    /// <summary>True if it was made with that key, for that destination and this body. Takes the same time wherever the two codes differ.</summary>
    public bool IsRight(ReadOnlySpan<byte> secret, string destination, ReadOnlySpan<byte> body) =>
        CryptographicOperations.FixedTimeEquals(_mac, RequestSignature.Compute(secret, KeyId, destination, _time, Nonce, body));

    private static bool IsFormed(string key, string time, string nonce, string mac) =>
        Capabilities.Signing.KeyId.IsValid(key)
        && time.Length is > 0 and <= LongestTime && time[0] != '0' && time.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0
        && nonce.Length is >= ShortestNonce and <= LongestNonce && IsHex(nonce)
        && mac.Length == 2 * RequestSignature.MacBytes && IsHex(mac);

    private static bool IsHex(string text) => !text.AsSpan().ContainsAnyExcept(LowerHex);
}
