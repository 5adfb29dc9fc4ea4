using System.Net.Sockets;
using System.Security.Authentication;
using OpsAgent.OpsCtl.Doctor;
using OpsAgent.OpsCtl.Doctor.Checks;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Doctor;

public sealed class ServiceCheckTests
{
    private const string Row =
        """{"instance_name":"prodops-agent-x-7","agent_type":"PRODOPS","namespace":"prodops","status":"OK","operational_state":"READY","pid":12,"hostname":"h","last_heartbeat":"BEAT"}""";

    private readonly DoctorUnderTest _test = new();

    public ServiceCheckTests()
    {
        _test.Environment["SWF_MONITOR_URL"] = "https://monitor.example.org/swf-monitor/";
        _test.Environment["SWF_API_TOKEN"] = "secret-api-token";
        _test.Environment["SWFMON_TOKEN"] = "secret-pcs-token";
    }

    [Theory]
    [InlineData("2026-06-01T11:59:30Z", "OK", "Ok", "30 s ago")]
    [InlineData("2026-06-01T07:59:30-04:00", "OK", "Ok", "30 s ago")]
    [InlineData("2026-06-01T11:59:30Z", "WARNING", "Warning", "WARNING")]
    [InlineData("2026-06-01T11:57:59Z", "OK", "Warning", "no PRODOPS agent")]
    [InlineData("never", "OK", "Warning", "no PRODOPS agent")]
    public async Task The_registry_is_read_for_a_fresh_row_of_ours(string beat, string status, string state, string line)
    {
        var row = Row.Replace("BEAT", beat, StringComparison.Ordinal).Replace("\"OK\"", $"\"{status}\"", StringComparison.Ordinal);
        _test.Answer = r => DoctorUnderTest.Reply(200, r.RequestUri!.AbsolutePath.Contains("stream", StringComparison.Ordinal) ? "" : $"[{row}, 5, {{}}]");

        var found = await MonitorAsync();

        var agent = Assert.Single(found, static f => f.Subject == "agent");
        Assert.Equal(state, $"{agent.State}");
        Assert.Contains(line, agent.Line, StringComparison.Ordinal);
        Assert.Equal(FindingState.Ok, Assert.Single(found, static f => f.Subject == "token").State);
    }

    [Fact]
    public async Task Only_the_stream_is_asked_with_the_token_and_nothing_is_changed()
    {
        _test.Answer = static _ => DoctorUnderTest.Reply(200, "[]");

        await MonitorAsync();

        Assert.Equal(
            ["/swf-monitor/api/messages/stream/ Token secret-api-token", "/swf-monitor/api/systemagents/ "],
            _test.Asked.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(302, "", "text/plain", "a redirect to https://cilogon.org/authorize", "/swf-monitor")]
    [InlineData(200, "<html>", "text/html", "with HTML", "/swf-monitor")]
    [InlineData(404, "<html>", "text/html", "with HTML", "/swf-monitor")]
    [InlineData(200, "nonsense", "application/json", "no JSON list", "SWF_MONITOR_URL")]
    [InlineData(200, "{}", "application/json", "no JSON list", "SWF_MONITOR_URL")]
    [InlineData(500, "", "text/plain", "answered 500", "try later")]
    [InlineData(404, "{}", "application/json", "answered 404", "SWF_MONITOR_URL")]
    public async Task A_registry_that_is_none_is_told_with_what_to_correct(int status, string body, string type, string line, string suggestion)
    {
        _test.Answer = _ => DoctorUnderTest.Reply(
            status, body, type, status == 302 ? "https://cilogon.org/authorize?client_id=secret-query" : null);

        var registry = Assert.Single(await MonitorAsync(), static f => f.Subject == "registry");

        Assert.Equal(FindingState.Failed, registry.State);
        Assert.Contains(line, registry.Line, StringComparison.Ordinal);
        Assert.Contains(suggestion, registry.Suggestion, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", registry.Line + registry.Suggestion, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "SWF_API_TOKEN is refused (401)")]
    [InlineData(403, "SWF_API_TOKEN is refused (403)")]
    [InlineData(302, "redirect")]
    public async Task A_token_that_is_not_accepted_is_told(int status, string line)
    {
        _test.Answer = r => r.RequestUri!.AbsolutePath.Contains("stream", StringComparison.Ordinal)
            ? DoctorUnderTest.Reply(status, location: "https://cilogon.org/")
            : DoctorUnderTest.Reply(200, "[]");

        var token = Assert.Single(await MonitorAsync(), static f => f.Subject == "token");

        Assert.Equal(FindingState.Failed, token.State);
        Assert.Contains(line, token.Line, StringComparison.Ordinal);
        Assert.Contains("SWF_API_TOKEN", token.Suggestion, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "SWF_MONITOR_URL is not set")]
    [InlineData("monitor.example.org", "no address")]
    [InlineData("ftp://monitor.example.org/x", "no address")]
    [InlineData("http://monitor.example.org/swf-monitor", "in the clear")]
    [InlineData("https://user:secret@monitor.example.org/swf-monitor", "no address")]
    public async Task An_address_that_can_not_be_is_told_before_anything_is_asked(string url, string line)
    {
        _test.Environment["SWF_MONITOR_URL"] = url;

        foreach (var found in (IReadOnlyList<Finding>[])[await MonitorAsync(), await _test.LookAsync(static s => new PcsCheck(s))])
        {
            Assert.Contains(line, Assert.Single(found).Line, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", found[0].Line, StringComparison.Ordinal);
        }

        Assert.Empty(_test.Asked);
    }

    [Fact]
    public async Task Logs_that_go_elsewhere_are_looked_at_there()
    {
        _test.Answer = static _ => DoctorUnderTest.Reply(200, "[]");
        Assert.Empty(await _test.LookAsync(static s => new MonitorLogsCheck(s)));

        _test.Environment["SWF_MONITOR_HTTP_URL"] = "http://localhost:8002/swf-monitor";
        Assert.Equal(FindingState.Ok, Assert.Single(await _test.LookAsync(static s => new MonitorLogsCheck(s))).State);
        Assert.Equal(["/swf-monitor/api/systemagents/ "], _test.Asked);
    }

    [Theory]
    [InlineData(404, """{"detail":"ProdTask opsctl-doctor not found"}""", "application/json", "Ok", "accepts the token in SWFMON_TOKEN")]
    [InlineData(404, "not found", "text/plain", "Failed", "answered 404")]
    [InlineData(404, "<html>", "text/html", "Failed", "HTML")]
    [InlineData(401, """{"detail":"Invalid token."}""", "application/json", "Failed", "refused (401)")]
    [InlineData(403, """{"detail":"no"}""", "application/json", "Failed", "refused (403)")]
    [InlineData(302, "", "text/plain", "Failed", "redirect")]
    [InlineData(503, "", "text/plain", "Failed", "answered 503")]
    public async Task Pcs_knows_the_caller_when_it_says_itself_that_there_is_no_such_task(
        int status, string body, string type, string state, string line)
    {
        _test.Answer = _ => DoctorUnderTest.Reply(status, body, type, status == 302 ? "https://cilogon.org/" : null);

        var found = Assert.Single(await _test.LookAsync(static s => new PcsCheck(s)));

        Assert.Equal((state, true), ($"{found.State}", found.Line.Contains(line, StringComparison.Ordinal)));
        Assert.Equal(["/swf-monitor/pcs/api/prod-tasks/command/?name=opsctl-doctor&fmt=panda Token secret-pcs-token"], _test.Asked);
    }

    [Theory]
    [InlineData(null, "SWFMON_TOKEN or SWF_MONITOR_TOKEN is not set")]
    [InlineData("\"quoted token\"", "characters that no header may hold")]
    public async Task Without_a_usable_token_pcs_is_not_asked(string? token, string line)
    {
        _test.Environment["SWFMON_TOKEN"] = token ?? "";

        var found = Assert.Single(await _test.LookAsync(static s => new PcsCheck(s)));

        Assert.Contains(line, found.Line, StringComparison.Ordinal);
        Assert.Empty(_test.Asked);
    }

    [Fact]
    public async Task What_the_transport_meets_is_told()
    {
        (Exception Met, string Line)[] all =
        [
            (new HttpRequestException("x", new AuthenticationException("RemoteCertificateNameMismatch")), "TLS with monitor.example.org failed"),
            (new HttpRequestException("x", new SocketException((int)SocketError.ConnectionRefused)), "can't be reached"),
            (new HttpRequestException("x", new IOException("reset")), "broke: reset"),
            (new TaskCanceledException(), "no answer from monitor.example.org within 8 s"),
        ];
        foreach (var (met, line) in all)
        {
            _test.Answer = _ => throw met;
            var found = Assert.Single(await _test.LookAsync(static s => new PcsCheck(s)));
            Assert.Contains(line, found.Line, StringComparison.Ordinal);
            Assert.False(string.IsNullOrEmpty(found.Suggestion));
        }
    }

    [Theory]
    [InlineData(200, true, "Ok", "gives a token")]
    [InlineData(200, false, "Failed", "without a token")]
    [InlineData(401, false, "Failed", "refused (401)")]
    [InlineData(302, false, "Failed", "redirect")]
    [InlineData(500, false, "Failed", "answered 500")]
    public async Task The_outputs_rucio_is_asked_for_a_token_that_is_never_shown(int status, bool gives, string state, string line)
    {
        _test.Environment["JLAB_RUCIO_PASSWORD"] = "secret-rucio-password";
        HttpRequestMessage? asked = null;
        _test.Answer = request =>
        {
            asked = request;
            var reply = DoctorUnderTest.Reply(status, location: status == 302 ? "https://elsewhere/" : null);
            if (gives)
            {
                reply.Headers.Add("X-Rucio-Auth-Token", "secret-rucio-token");
            }

            return reply;
        };

        var found = Assert.Single(await _test.LookAsync(static s => new RucioOutputsCheck(s)));

        Assert.Equal((state, true), ($"{found.State}", found.Line.Contains(line, StringComparison.Ordinal)));
        Assert.Equal("secret-rucio-password", Assert.Single(asked!.Headers.GetValues("X-Rucio-Password")));
        Assert.DoesNotContain("secret", found.Line + found.Suggestion, StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<Finding>> MonitorAsync() => _test.LookAsync(static s => new MonitorCheck(s, static () => "prodops"));
}
