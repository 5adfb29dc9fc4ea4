using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpsAgent.Tests.Facility.Tls;

/// <summary>
/// Checks a client's chain as grid services do: a user's certificate of the authority, or an RFC 3820 proxy of such a one. The
/// platform's chain engine refuses proxies, because it does not know their critical extension, so it is asked about the user only.
/// </summary>
internal static class ProxyChain
{
    private const string ProxyInfoOid = "1.3.6.1.5.5.7.1.14";
    private const string Sha256Rsa = "1.2.840.113549.1.1.11";
    private const int DepthLimit = 8;

    /// <summary>True if <paramref name="client"/> leads to <paramref name="authority"/> through what the client sent along.</summary>
    public static bool LeadsTo(
        X509Certificate2 authority, X509Certificate2 client, X509Certificate2Collection sent, DateTimeOffset now)
    {
        for (var depth = 0; depth < DepthLimit && IsProxy(client); depth++)
        {
            var issuer = sent.FirstOrDefault(c => c.SubjectName.RawData.AsSpan().SequenceEqual(client.IssuerName.RawData));
            if (issuer is null || !IsValid(client, now) || !IsNameBelow(client, issuer) || !IsSignedBy(client, issuer))
            {
                return false;
            }

            client = issuer;
        }

        return !IsProxy(client) && IsIssuedBy(authority, client);
    }

    private static bool IsProxy(X509Certificate2 certificate) => certificate.Extensions[ProxyInfoOid] is { Critical: true };

    private static bool IsValid(X509Certificate2 certificate, DateTimeOffset now) =>
        certificate.NotBefore.ToUniversalTime() <= now && now < certificate.NotAfter.ToUniversalTime();

    private static bool IsNameBelow(X509Certificate2 proxy, X509Certificate2 issuer) =>
        proxy.SubjectName.EnumerateRelativeDistinguishedNames(reversed: false).Count()
        == issuer.SubjectName.EnumerateRelativeDistinguishedNames(reversed: false).Count() + 1;

    private static bool IsSignedBy(X509Certificate2 certificate, X509Certificate2 issuer)
    {
        var parts = new AsnReader(certificate.RawData, AsnEncodingRules.DER).ReadSequence();
        var signed = parts.ReadEncodedValue();
        var algorithm = parts.ReadSequence().ReadObjectIdentifier();
        var signature = parts.ReadBitString(out _);
        using var key = issuer.GetRSAPublicKey();
        return algorithm == Sha256Rsa && key is not null
            && key.VerifyData(signed.Span, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static bool IsIssuedBy(X509Certificate2 authority, X509Certificate2 user)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(user);
    }
}
