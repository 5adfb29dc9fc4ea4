using System.Buffers.Binary;

namespace OpsAgent.Tests.Unit.Http;

/// <summary>Reads the first message of a TLS handshake (RFC 8446, 4.1.2), as far as the versions that are offered.</summary>
internal static class ClientHello
{
    private const int SupportedVersions = 43;
    private const int BeforeSession = 4 + 2 + 32;

    /// <summary>0x0303 is TLS 1.2, 0x0304 TLS 1.3; without the extension, the one of the message itself.</summary>
    public static IReadOnlyList<int> Versions(ReadOnlySpan<byte> message)
    {
        var legacy = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        var rest = message[BeforeSession..];
        rest = rest[(1 + rest[0])..];
        rest = rest[(2 + BinaryPrimitives.ReadUInt16BigEndian(rest))..];
        rest = rest[(1 + rest[0])..];
        for (rest = rest[2..]; rest.Length >= 4;)
        {
            var kind = BinaryPrimitives.ReadUInt16BigEndian(rest);
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            var content = rest.Slice(4, length);
            if (kind == SupportedVersions)
            {
                return Listed(content[1..]);
            }

            rest = rest[(4 + length)..];
        }

        return [legacy];
    }

    private static List<int> Listed(ReadOnlySpan<byte> content)
    {
        var versions = new List<int>();
        for (; content.Length >= 2; content = content[2..])
        {
            versions.Add(BinaryPrimitives.ReadUInt16BigEndian(content));
        }

        return versions;
    }
}
