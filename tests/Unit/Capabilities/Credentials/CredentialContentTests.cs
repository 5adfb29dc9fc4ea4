using System.Text.RegularExpressions;
using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Credentials;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities.Credentials;

/// <summary>When a credential's content is read anew, and what of it counts.</summary>
public sealed class CredentialContentTests : IDisposable
{
    private readonly CredentialScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void One_that_was_read_is_read_again_once_its_file_is_another()
    {
        var credential = _scene.Of(CredentialKind.OidcToken);
        var later = At(TimeSpan.FromHours(1));
        _scene.Write(CredentialKind.OidcToken, TimeSpan.FromHours(3));
        Assert.Equal(CredentialState.Good, later.Judge(credential).State);

        _scene.Write(CredentialKind.OidcToken, TimeSpan.FromMinutes(30));

        Assert.Equal(CredentialState.Expired, later.Judge(credential).State);
    }

    [Fact]
    public void One_that_was_changed_a_moment_ago_is_read_again_though_the_kernel_says_it_is_the_same()
    {
        var credential = _scene.Of(CredentialKind.OidcToken);
        _scene.Write(CredentialKind.OidcToken, TimeSpan.FromHours(3));
        using var opened = CredentialFile.Open(_scene.Path, follow: false, out _, out _);
        Assert.Equal(CredentialState.Good, _scene.Judge.JudgeOpened(credential, _scene.Path, opened!, isWritable: false).State);

        _scene.Write(CredentialKind.OidcToken, TimeSpan.FromHours(-3));

        Assert.Equal(CredentialState.Expired, _scene.Judge.JudgeOpened(credential, _scene.Path, opened!, isWritable: false).State);
    }

    [Fact]
    public void A_proxy_that_has_not_begun_is_not_lent()
    {
        var credential = _scene.Of(CredentialKind.X509Proxy);
        _scene.Write(CredentialKind.X509Proxy, TimeSpan.FromHours(3));

        Assert.Contains("is not valid before", At(TimeSpan.FromDays(-3)).Judge(credential).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_proxy_is_one_only_with_its_key_and_as_long_as_each_certificate_of_its_chain()
    {
        var credential = _scene.Of(CredentialKind.X509Proxy);
        var proxy = _scene.Proxy(TimeSpan.FromHours(3));

        _scene.Write(Regex.Replace(proxy, "-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*-----END [A-Z ]*PRIVATE KEY-----", ""));
        Assert.Equal(CredentialState.Unreadable, _scene.Judge.Judge(credential).State);
        _scene.Write(proxy + _scene.Proxy(TimeSpan.FromHours(-1)));
        Assert.Equal(CredentialState.Expired, _scene.Judge.Judge(credential).State);
        _scene.Write(proxy);
        Assert.Equal(CredentialState.Good, _scene.Judge.Judge(credential).State);
    }

    [Fact]
    public void A_file_far_too_large_for_a_credential_is_not_read()
    {
        var credential = _scene.Of(CredentialKind.UserPass);
        _scene.Write("reader:" + new string('x', 2 << 20));

        Assert.EndsWith("is empty or too large", _scene.Judge.Judge(credential).Problem, StringComparison.Ordinal);
    }

    private CredentialJudge At(TimeSpan fromNow) => new(_scene.Environment, Users.Own, new FakeTime(TimeProvider.System.GetUtcNow() + fromNow));
}
