using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Credentials;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Credentials;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Unit.Fuzz;

/// <summary>A proxy whose key names an elliptic curve that the platform does not know, as fuzzing found it.</summary>
public sealed class UnknownCurveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_unusable_to_a_doer_and_held_for_by_the_gate()
    {
        var path = _folder.Write("proxy", Pem());
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal(DoerExit.ProxyUnusable, Assert.Throws<DoerException>(() => ProxyCredential.Load(path, TimeProvider.System)).Exit);
        var judge = new CredentialJudge(new Dictionary<string, string> { ["P"] = path }, null, TimeProvider.System);
        Assert.True(judge.Judge(new CredentialDefinition("p", "P") { Kind = CredentialKind.X509Proxy }).Holds);
    }

    private static string Pem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=proxy", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var bytes = key.ExportPkcs8PrivateKey();
        byte[] curve = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
        bytes[bytes.AsSpan().IndexOf(curve) + curve.Length - 1] = 0x27;
        return certificate.ExportCertificatePem() + "\n" + PemEncoding.WriteString("PRIVATE KEY", bytes) + "\n";
    }
}
