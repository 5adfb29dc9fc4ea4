using System.Net;
using OpsAgent.Agent.Monitor;
using OpsAgent.Agent.Redaction;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Monitor;

/// <summary>A monitor, or a gateway before it, that tells again what it was sent.</summary>
public sealed class EchoTests
{
    private const string Token = "canary-token+1";

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.Found)]
    public async Task What_is_shown_of_its_answer_has_no_token_in_it(HttpStatusCode status)
    {
        using var echo = new Echo(status);
        using var client = new MonitorClient(
            new MonitorOptions { Api = "https://monitor", Token = Token }, TimeProvider.System, echo, new Redactor(new KnownSecrets([Token])));

        var reply = await client.CallAsync("/x", [], CancellationToken.None);

        Assert.Equal((int)status, reply.Status);
        Assert.DoesNotContain("canary", reply.Problem("https://monitor"), StringComparison.Ordinal);
        Assert.Contains(Redactor.Mark, reply.Problem("https://monitor"), StringComparison.Ordinal);
    }

    private sealed class Echo(HttpStatusCode status) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var sent = string.Join(' ', request.Headers.GetValues("Authorization"));
            var response = new HttpResponseMessage(status) { Content = new StringContent($"no: {sent}, {Token}") };
            response.Headers.TryAddWithoutValidation("Location", $"https://login/?next={Uri.EscapeDataString(Token)}");
            return Task.FromResult(response);
        }
    }
}
