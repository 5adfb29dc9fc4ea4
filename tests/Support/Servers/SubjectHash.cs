using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace OpsAgent.Tests.Support.Servers;

/// <summary>
/// A name's hash as <c>openssl x509 -hash</c> prints it: OpenSSL looks for an authority's file under it. Made here, so that a machine
/// without the openssl program can run the facility's stand-ins.
/// </summary>
public static partial class SubjectHash
{
    /// <summary>Eight hexadecimal digits.</summary>
    public static string Of(X500DistinguishedName name)
    {
        using var canonical = new MemoryStream();
        var parts = new AsnReader(name.RawData, AsnEncodingRules.DER).ReadSequence();
        while (parts.HasData)
        {
            canonical.Write(Canonical(parts.ReadSetOf()));
        }

#pragma warning disable CA5350 // OpenSSL's choice; nothing is secured by it
        return $"{BinaryPrimitives.ReadUInt32LittleEndian(SHA1.HashData(canonical.ToArray())):x8}";
#pragma warning restore CA5350
    }

    private static byte[] Canonical(AsnReader part)
    {
        var asn = new AsnWriter(AsnEncodingRules.DER);
        using (asn.PushSetOf())
        {
            while (part.HasData)
            {
                var attribute = part.ReadSequence();
                using (asn.PushSequence())
                {
                    asn.WriteEncodedValue(attribute.ReadEncodedValue().Span);
                    var text = attribute.ReadCharacterString((UniversalTagNumber)attribute.PeekTag().TagValue);
                    asn.WriteCharacterString(UniversalTagNumber.UTF8String, Canonical(text));
                }
            }
        }

        return asn.Encode();
    }

    // As OpenSSL does: ASCII alone has blanks and small letters.
    private static string Canonical(string text) =>
        string.Concat(Blanks().Replace(text, " ").Trim(' ').Select(c => char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : c));

    [GeneratedRegex(@"[ \t\r\n\v\f]+")]
    private static partial Regex Blanks();
}
