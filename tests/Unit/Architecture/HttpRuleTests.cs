using System.Text.RegularExpressions;
using Xunit;

namespace OpsAgent.Tests.Unit.Architecture;

/// <summary>Connections are made where their limits and their trust are known to be right, and nowhere else.</summary>
public sealed partial class HttpRuleTests
{
    private static readonly string[] HttpPlaces =
    [
        "src/Agent/Monitor/MonitorClient.cs", "src/Agent/Monitor/MonitorTransport.cs", "src/Doers/Doers.Facility/Credentials/ServiceHttp.cs",
        "src/OpsCtl/Door/DoorClient.cs",
    ];

    private static readonly string[] TlsPlaces =
        ["src/Agent/Monitor/MonitorTransport.cs", "src/Doers/Doers.Facility/Credentials/ServiceHttp.cs", "src/Stomp/Connection/TlsFiles.cs"];

    [Fact]
    public void Http_clients_are_made_in_four_places() => Assert.Equal(HttpPlaces, In(HttpClientMade()));

    [Fact]
    public void None_follows_redirects() => Assert.All(
        HttpPlaces.Where(static path => Checkout.Read(path).Contains("new SocketsHttpHandler", StringComparison.Ordinal)),
        static path => Assert.Contains("AllowAutoRedirect = false", Checkout.Read(path), StringComparison.Ordinal));

    [Fact]
    public void Tls_settings_are_made_in_three_places_and_name_their_versions()
    {
        Assert.Equal(TlsPlaces, In(TlsMade()));
        Assert.All(TlsPlaces, static path =>
            Assert.Contains("EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13", Checkout.Read(path), StringComparison.Ordinal));
    }

    [Fact]
    public void No_certificate_is_taken_unseen() => Assert.Empty(In(Unseen()));

    [Theory]
    [InlineData("using var http = new HttpClient();")]
    [InlineData("private readonly HttpClient _http = new(handler);")]
    [InlineData("var handler = new HttpClientHandler { };")]
    public void One_more_would_be_seen(string line) => Assert.Matches(HttpClientMade(), line);

    private static IEnumerable<string> In(Regex pattern) =>
        Checkout.Files("src", "*.cs").Where(path => pattern.IsMatch(Checkout.Read(path)));

    [GeneratedRegex(@"new (HttpClient|SocketsHttpHandler|HttpClientHandler|HttpMessageInvoker|WebClient)\b|(HttpClient|SocketsHttpHandler) \w+ = new\(")]
    private static partial Regex HttpClientMade();

    [GeneratedRegex(@"new SslClientAuthenticationOptions\b|SslClientAuthenticationOptions \w+\([^)]*\) => new\(")]
    private static partial Regex TlsMade();

    [GeneratedRegex(@"RemoteCertificateValidationCallback|ServerCertificateCustomValidationCallback|DangerousAcceptAny|ServerCertificateValidationCallback")]
    private static partial Regex Unseen();
}
