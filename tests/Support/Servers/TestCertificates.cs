using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OpsAgent.Tests.Support.Servers;

/// <summary>
/// A CA, what it signed, and a foreign CA that signed the same kind of thing; all of it in files of one folder, as servers and clients
/// want them.
/// </summary>
public sealed class TestCertificates : IDisposable
{
    /// <summary>Of the key store and the trust store.</summary>
    public const string Password = "changeit";

    private readonly X509Certificate2 _ca = Root("CN=Trial CA");
    private readonly X509Certificate2 _foreignCa = Root("CN=Foreign CA");

    public TestCertificates(string folder)
    {
        Folder = Directory.CreateDirectory(folder).FullName;
        Server = Signed(_ca, "CN=localhost", "1.3.6.1.5.5.7.3.1");
        Write("ca.pem", _ca.ExportCertificatePem());
        Write("foreign-ca.pem", _foreignCa.ExportCertificatePem());
        WritePair("server", Server);
        using var client = Signed(_ca, "CN=ops-client", "1.3.6.1.5.5.7.3.2");
        WritePair("client", client);
        using var foreign = Signed(_foreignCa, "CN=ops-client", "1.3.6.1.5.5.7.3.2");
        WritePair("foreign-client", foreign);
        File.WriteAllBytes(ServerStore, Server.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, Password));
        File.WriteAllBytes(TrustStore, JavaTrustStore());
    }

    public string Folder { get; }

    /// <summary>For localhost, 127.0.0.1 and ::1, with its key.</summary>
    public X509Certificate2 Server { get; }

    public string CaFile => File_("ca.pem");

    public string ForeignCaFile => File_("foreign-ca.pem");

    public string ServerFile => File_("server.pem");

    public string ServerKeyFile => File_("server-key.pem");

    public string ClientFile => File_("client.pem");

    public string ClientKeyFile => File_("client-key.pem");

    /// <summary>A client's certificate that the foreign CA signed.</summary>
    public string ForeignClientFile => File_("foreign-client.pem");

    public string ForeignClientKeyFile => File_("foreign-client-key.pem");

    /// <summary>The server's key and certificate as PKCS12.</summary>
    public string ServerStore => File_("server.p12");

    /// <summary>The CA as a Java server's trust store, JKS.</summary>
    public string TrustStore => File_("trust.jks");

    public void Dispose()
    {
        _ca.Dispose();
        _foreignCa.Dispose();
        Server.Dispose();
    }

    private static X509Certificate2 Root(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(3650));
    }

    private static X509Certificate2 Signed(X509Certificate2 ca, string name, string usage)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, false));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(ca, now.AddDays(-1), now.AddDays(3000), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>Java's own format: a PKCS12 file of .NET's has no mark that a certificate in it is trusted.</summary>
    private byte[] JavaTrustStore()
    {
        using var store = new MemoryStream();
        void Number(long value, int bytes)
        {
            for (var shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
            {
                store.WriteByte((byte)(value >> shift));
            }
        }

        void Text(string text)
        {
            Number(text.Length, 2);
            store.Write(Encoding.ASCII.GetBytes(text));
        }

        Number(0xFEEDFEED, 4); // magic
        Number(2, 4); // version
        Number(1, 4); // entries
        Number(2, 4); // a trusted certificate
        Text("ca");
        Number(0, 8); // made when: no matter
        Text("X.509");
        Number(_ca.RawData.Length, 4);
        store.Write(_ca.RawData);
#pragma warning disable CA5350 // the format's own checksum
        store.Write(SHA1.HashData([.. Encoding.BigEndianUnicode.GetBytes(Password), .. "Mighty Aphrodite"u8, .. store.ToArray()]));
#pragma warning restore CA5350
        return store.ToArray();
    }

    private void WritePair(string name, X509Certificate2 certificate)
    {
        Write($"{name}.pem", certificate.ExportCertificatePem());
        Write($"{name}-key.pem", certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    private void Write(string name, string pem) => File.WriteAllText(File_(name), pem + "\n");

    private string File_(string name) => Path.Combine(Folder, name);
}
