using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OpsAgent.Capabilities.Signing;

/// <summary>
/// How a request is signed: HMAC-SHA256 over six parts, each preceded by its length in four bytes, the most significant first:
/// <c>opsagent-v1</c>, the key's id, the destination as the agent has it configured, the unix time and the nonce as their headers spell
/// them, and the body's bytes.
/// </summary>
public static class RequestSignature
{
    /// <summary>The header with the key's id.</summary>
    public const string KeyHeader = "ops-key";

    /// <summary>The header with the unix time, in seconds.</summary>
    public const string TimeHeader = "ops-time";

    /// <summary>The header with the nonce: 32 to 64 of 0-9 a-f, never used twice with one key.</summary>
    public const string NonceHeader = "ops-nonce";

    /// <summary>The header with the code: 64 of 0-9 a-f.</summary>
    public const string MacHeader = "ops-mac";

    /// <summary>Bytes of the code.</summary>
    public const int MacBytes = 32;

    private const int NonceBytes = 16;

    /// <summary>The code of a request.</summary>
    /// <param name="secret">The key.</param>
    /// <param name="keyId">Its id.</param>
    /// <param name="destination">The queue, exactly as the agent has it configured.</param>
    /// <param name="time">As in the header.</param>
    /// <param name="nonce">As in the header.</param>
    /// <param name="body">As it goes on the wire.</param>
    public static byte[] Compute(
        ReadOnlySpan<byte> secret, string keyId, string destination, string time, string nonce, ReadOnlySpan<byte> body)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        Append(mac, "opsagent-v1"u8);
        foreach (var part in (ReadOnlySpan<string>)[keyId, destination, time, nonce])
        {
            Append(mac, Encoding.UTF8.GetBytes(part));
        }

        Append(mac, body);
        return mac.GetHashAndReset();
    }

    /// <summary>The four headers of one sending; each sending has its own.</summary>
    /// <param name="key">Signs.</param>
    /// <param name="destination">The queue, exactly as the agent has it configured.</param>
    /// <param name="body">As it goes on the wire.</param>
    /// <param name="now">The time of signing.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Headers(
        SigningKey key, string destination, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(key);
        var time = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceBytes));
        var mac = Compute(key.Secret, key.Id, destination, time, nonce, body);
        return [new(KeyHeader, key.Id), new(TimeHeader, time), new(NonceHeader, nonce), new(MacHeader, Convert.ToHexStringLower(mac))];
    }

    private static void Append(IncrementalHash mac, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)part.Length);
        mac.AppendData(length);
        mac.AppendData(part);
    }
}
