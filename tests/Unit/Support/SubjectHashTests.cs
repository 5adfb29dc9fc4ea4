using System.Security.Cryptography.X509Certificates;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.Unit.Support;

public sealed class SubjectHashTests
{
    // Printed by openssl x509 -hash of OpenSSL 3.0 for certificates of these names.
    [Theory]
    [InlineData("CN=Trial Grid CA, DC=trial, DC=org", "09270a29")]
    [InlineData("CN=\"  Foreign   GRID CA \", DC=trial, DC=org", "3727ba02")]
    public void A_names_hash_is_the_one_that_openssl_prints(string name, string hash) =>
        Assert.Equal(hash, SubjectHash.Of(new X500DistinguishedName(name)));
}
