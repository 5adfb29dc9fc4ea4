using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpsAgent.Tests.Support.Servers;

/// <summary>
/// A throw-away grid PKI in a folder of its own: authority, host, user and RFC 3820 proxy, in the form that XRootD's GSI and
/// Rucio take. Removed on disposal.
/// </summary>
public sealed class GridCredentials : IDisposable
{
    private const string ProxyInfoOid = "1.3.6.1.5.5.7.1.14";
    private const string InheritAllOid = "1.3.6.1.5.5.7.21.1";

    private readonly RSA _authorityKey = RSA.Create(2048);
    private readonly RSA _userKey = RSA.Create(2048);

    private GridCredentials(string folder, string authority)
    {
        Folder = folder;
        Authority = MakeAuthority(authority);
        User = Issue(Name("Ops Robot"), _userKey, alternatives: null);
        using var hostKey = RSA.Create(2048);
        using var host = Issue(Name("localhost"), hostKey, HostNames());
        HostCertificatePath = Write("hostcert.pem", host.ExportCertificatePem() + "\n", "0644");
        HostKeyPath = Write("hostkey.pem", hostKey.ExportPkcs8PrivateKeyPem() + "\n", "0400");
        AuthorityPath = Write("ca.pem", Authority.ExportCertificatePem() + "\n", "0644");
        CertificatesFolder = WriteCertificatesFolder(authority);
        ProxyPath = WriteProxy("proxy", TimeSpan.FromHours(-1), TimeSpan.FromDays(30));
    }

    /// <summary>Where everything lies.</summary>
    public string Folder { get; }

    /// <summary>The authority's certificate.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>The user's certificate, without its key.</summary>
    public X509Certificate2 User { get; }

    /// <summary>The authority as a PEM bundle.</summary>
    public string AuthorityPath { get; }

    /// <summary>As <c>X509_CERT_DIR</c>: the authority under its hash, and its signing policy.</summary>
    public string CertificatesFolder { get; }

    /// <summary>For localhost, 127.0.0.1 and ::1.</summary>
    public string HostCertificatePath { get; }

    /// <summary>The host's key.</summary>
    public string HostKeyPath { get; }

    /// <summary>A good proxy, mode 0600.</summary>
    public string ProxyPath { get; }

    /// <summary>Makes one; two authorities of different names don't know each other.</summary>
    public static GridCredentials Create(string authority = "Trial Grid CA")
    {
        var folder = Directory.CreateTempSubdirectory("opsagent-grid-").FullName;
        UnixMode.Set(folder, "0755");
        return new GridCredentials(folder, authority);
    }

    /// <summary>The host's certificate with its key, for a server in process.</summary>
    public X509Certificate2 HostCertificate() => X509Certificate2.CreateFromPemFile(HostCertificatePath, HostKeyPath);

    /// <summary>Writes a proxy: its certificate, its key, the user's certificate. Times are relative to now.</summary>
    public string WriteProxy(string name, TimeSpan notBefore, TimeSpan notAfter, string mode = "0600")
    {
        using var key = RSA.Create(2048);
        var serial = RandomNumberGenerator.GetInt32(1, int.MaxValue);
        var request = new CertificateRequest(
            new X500DistinguishedName(Append(User.SubjectName, serial)), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, critical: true));
        request.CertificateExtensions.Add(new X509Extension(ProxyInfoOid, ProxyInfo(), critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var proxy = request.Create(
            User.SubjectName,
            X509SignatureGenerator.CreateForRSA(_userKey, RSASignaturePadding.Pkcs1),
            now + notBefore,
            now + notAfter,
            BitConverter.GetBytes(serial).Reverse().ToArray());
        var pem = $"{proxy.ExportCertificatePem()}\n{key.ExportRSAPrivateKeyPem()}\n{User.ExportCertificatePem()}\n";
        return Write(name, pem, mode);
    }

    public void Dispose()
    {
        _authorityKey.Dispose();
        _userKey.Dispose();
        Authority.Dispose();
        User.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static X500DistinguishedName Name(string commonName) => new($"CN={commonName}, DC=trial, DC=org");

    private static byte[] ProxyInfo()
    {
        var asn = new AsnWriter(AsnEncodingRules.DER);
        using (asn.PushSequence())
        using (asn.PushSequence())
        {
            asn.WriteObjectIdentifier(InheritAllOid);
        }

        return asn.Encode();
    }

    // RFC 3820: the proxy's subject is its issuer's with one common name more.
    private static byte[] Append(X500DistinguishedName issuer, int serial)
    {
        var asn = new AsnWriter(AsnEncodingRules.DER);
        var parts = new AsnReader(issuer.RawData, AsnEncodingRules.DER).ReadSequence();
        using (asn.PushSequence())
        {
            while (parts.HasData)
            {
                asn.WriteEncodedValue(parts.ReadEncodedValue().Span);
            }

            using (asn.PushSetOf())
            using (asn.PushSequence())
            {
                asn.WriteObjectIdentifier("2.5.4.3");
                asn.WriteCharacterString(UniversalTagNumber.PrintableString, $"{serial}");
            }
        }

        return asn.Encode();
    }

    private static SubjectAlternativeNameBuilder HostNames()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        names.AddIpAddress(System.Net.IPAddress.IPv6Loopback);
        return names;
    }

    private X509Certificate2 MakeAuthority(string name)
    {
        var request = new CertificateRequest(Name(name), _authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-2), now.AddYears(5));
    }

    private X509Certificate2 Issue(X500DistinguishedName name, RSA key, SubjectAlternativeNameBuilder? alternatives)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DataEncipherment, critical: true));
        if (alternatives is not null)
        {
            request.CertificateExtensions.Add(alternatives.Build());
        }

        var now = TimeProvider.System.GetUtcNow();
        return request.Create(Authority, now.AddDays(-1), now.AddYears(4), RandomNumberGenerator.GetBytes(8));
    }

    private string WriteCertificatesFolder(string authority)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "certificates")).FullName;
        UnixMode.Set(folder, "0755");
        var hash = SubjectHash.Of(Authority.SubjectName);
        Write($"certificates/{hash}.0", Authority.ExportCertificatePem() + "\n", "0644");
        Write(
            $"certificates/{hash}.signing_policy",
            $"access_id_CA X509 '/DC=org/DC=trial/CN={authority}'\npos_rights globus CA:sign\ncond_subjects globus '\"/DC=org/DC=trial/*\"'\n",
            "0644");
        return folder;
    }

    private string Write(string name, string content, string mode)
    {
        var path = Path.Combine(Folder, name);
        File.Delete(path);
        File.WriteAllText(path, content);
        UnixMode.Set(path, mode);
        return path;
    }
}
