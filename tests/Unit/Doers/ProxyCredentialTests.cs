using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Credentials;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers;

public sealed class ProxyCredentialTests : IClassFixture<ProxyCredentialTests.Grid>
{
    private readonly GridCredentials _grid;
    private readonly string _pem;
    private readonly DateTime _now = TimeProvider.System.GetUtcNow().UtcDateTime;

    public ProxyCredentialTests(Grid grid)
    {
        _grid = grid.Credentials;
        _pem = File.ReadAllText(_grid.ProxyPath);
    }

    [Fact]
    public void One_file_gives_certificate_key_and_chain()
    {
        using var proxy = ProxyCredential.Parse("p", _pem, _now);

        Assert.True(proxy.Certificate.HasPrivateKey);
        Assert.Equal(_grid.User.SubjectName.RawData, proxy.Certificate.IssuerName.RawData);
        Assert.Equal(_grid.User.Thumbprint, Assert.Single(proxy.Chain).Thumbprint);
    }

    [Fact]
    public void An_expired_certificate_behind_a_good_proxy_counts_too()
    {
        Assert.Equal(DoerExit.ProxyExpired, FailureOf(_pem, _now.AddDays(31)).Exit);
        Assert.Equal(DoerExit.ProxyExpired, FailureOf(_pem, _now.AddYears(4).AddDays(1)).Exit);
        Assert.Contains("not valid before", FailureOf(_pem, _now.AddHours(-2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_its_key_or_with_anothers_it_is_unusable()
    {
        var other = File.ReadAllText(_grid.WriteProxy("other", TimeSpan.FromHours(-1), TimeSpan.FromHours(1)));

        Assert.Equal(DoerExit.ProxyUnusable, FailureOf(Part(_pem, "CERTIFICATE"), _now).Exit);
        Assert.Equal(DoerExit.ProxyUnusable, FailureOf(Part(_pem, "CERTIFICATE") + Part(other, "RSA PRIVATE KEY"), _now).Exit);
        Assert.Equal(DoerExit.ProxyUnusable, FailureOf(Part(_pem, "RSA PRIVATE KEY"), _now).Exit);
        Assert.Equal(DoerExit.ProxyUnusable, FailureOf("", _now).Exit);
    }

    [Fact]
    public void Cut_anywhere_it_is_never_taken_for_whole_nor_told_by_its_content()
    {
        for (var length = 0; length < _pem.IndexOf("END RSA", StringComparison.Ordinal); length += 61)
        {
            var failure = FailureOf(_pem[..length], _now);
            Assert.Equal(DoerExit.ProxyUnusable, failure.Exit);
            Assert.DoesNotContain("MII", failure.Message, StringComparison.Ordinal);
        }
    }

    private static DoerException FailureOf(string pem, DateTime now) =>
        Assert.Throws<DoerException>(() => ProxyCredential.Parse("p", pem, now));

    private static string Part(string pem, string label)
    {
        var start = pem.IndexOf($"-----BEGIN {label}-----", StringComparison.Ordinal);
        var end = $"-----END {label}-----\n";
        return pem[start..(pem.IndexOf(end, start, StringComparison.Ordinal) + end.Length)];
    }

    public sealed class Grid : IDisposable
    {
        public GridCredentials Credentials { get; } = GridCredentials.Create();

        public void Dispose() => Credentials.Dispose();
    }
}
