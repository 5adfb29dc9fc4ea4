using System.Text.RegularExpressions;
using OpsAgent.Tests.Unit.Http;
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

    private const string TlsStreamPlace = "src/Stomp/Connection/Transport.cs";

    [Fact]
    public void Http_clients_are_made_in_four_places() => Assert.Equal(HttpPlaces, In(HttpClientMade()));

    [Fact]
    public void Whoever_calls_over_HTTP_is_asked_by_the_tests_of_the_clients_but_for_the_local_door() =>
        Assert.Equal([.. HttpClientsTests.Callers.Append("src/OpsCtl/Door/DoorClient.cs").Order(StringComparer.Ordinal)], In(Calls()));

    [Fact]
    public void No_other_kind_of_client_is_made() => Assert.Empty(In(OtherClient()));

    [Fact]
    public void Tls_is_spoken_over_a_stream_in_one_place_with_the_settings_that_name_its_versions()
    {
        Assert.Equal([TlsStreamPlace], In(TlsStreamMade()));
        Assert.Contains("AuthenticateAsClientAsync(TlsFiles.Load(", Checkout.Read(TlsStreamPlace), StringComparison.Ordinal);
    }

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

    [Theory]
    [InlineData("var tls = new SslStream(stream);")]
    [InlineData("SslStream tls = new(stream);")]
    public void One_more_stream_of_TLS_would_be_seen(string line) => Assert.Matches(TlsStreamMade(), line);

    [Theory]
    [InlineData("using var answer = await client.GetAsync(url);")]
    [InlineData("await _http.PostAsync(url, content, stop);")]
    [InlineData("http.SendAsync(request, stop)")]
    [InlineData("using HttpRequestMessage request = new();")]
    public void One_more_call_would_be_seen(string line) => Assert.Matches(Calls(), line);

    [Theory]
    [InlineData("using var client = new TcpClient();")]
    [InlineData("var handler = new WinHttpHandler();")]
    [InlineData("new HttpClientHandler()")]
    [InlineData("WebRequest.Create(url)")]
    public void One_more_kind_of_client_would_be_seen(string line) => Assert.Matches(OtherClient(), line);

    private static IEnumerable<string> In(Regex pattern) =>
        Checkout.Files("src", "*.cs").Where(path => pattern.IsMatch(Checkout.Read(path)));

    [GeneratedRegex(@"new (HttpClient|SocketsHttpHandler|HttpClientHandler|HttpMessageInvoker|WebClient)\b|(HttpClient|SocketsHttpHandler|HttpClientHandler|HttpMessageInvoker) \w+ = new\(")]
    private static partial Regex HttpClientMade();

    [GeneratedRegex(
        @"\bHttpRequestMessage\b|\bHttpCompletionOption\b|\b(_?http\w*|_?client)\.(Get|Post|Put|Patch|Delete)\w*Async\(|\b_?http\w*\.SendAsync\(",
        RegexOptions.IgnoreCase)]
    private static partial Regex Calls();

    [GeneratedRegex(@"\b(HttpClientHandler|WinHttpHandler|WebClient|WebRequest|TcpClient|ClientWebSocket|QuicConnection|SmtpClient)\b")]
    private static partial Regex OtherClient();

    [GeneratedRegex(@"new SslStream\(|\bSslStream\??( \w+)? = new\(|: SslStream\b")]
    private static partial Regex TlsStreamMade();

    [GeneratedRegex(@"new SslClientAuthenticationOptions\b|SslClientAuthenticationOptions \w+\([^)]*\) => new\(")]
    private static partial Regex TlsMade();

    [GeneratedRegex(@"RemoteCertificateValidationCallback|ServerCertificateCustomValidationCallback|DangerousAcceptAny|ServerCertificateValidationCallback")]
    private static partial Regex Unseen();
}
