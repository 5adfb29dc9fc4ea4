using OpsAgent.Agent.Hosting;
using OpsAgent.Agent.Monitor;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting;

public sealed class MonitorSettingsTests
{
    [Fact]
    public void Without_a_url_there_is_no_monitor()
    {
        var (options, errors) = Read(("SWF_API_TOKEN", "t"), ("REQUESTS_CA_BUNDLE", "/nowhere.pem"));
        Assert.Empty(errors);
        Assert.Same(MonitorOptions.Off, options);
        Assert.False(options.IsRegistered || options.SendsStreams || options.AsksForId);
    }

    [Fact]
    public void The_agent_api_alone_serves_the_streams_too()
    {
        var (options, errors) = Read(
            ("SWF_MONITOR_URL", "https://monitor/swf-monitor/"), ("SWF_API_TOKEN", "t"), ("EPICPROD_ACTION_LOG_TIMEOUT", "7"));
        Assert.Empty(errors);
        Assert.Equal(("https://monitor/swf-monitor", "https://monitor/swf-monitor", "t"), (options.Api, options.Streams, options.Token));
        Assert.Equal(TimeSpan.FromSeconds(7), options.ActionTimeout);
        Assert.True(options.AsksForId);
    }

    [Fact]
    public void The_streams_alone_register_nobody()
    {
        var (options, _) = Read(("SWF_MONITOR_HTTP_URL", "http://localhost:8002/swf-monitor"));
        Assert.Equal(("", "http://localhost:8002/swf-monitor"), (options.Api, options.Streams));
        Assert.False(options.IsRegistered || options.AsksForId);
    }

    [Fact]
    public void A_token_does_not_travel_in_the_clear_unless_that_is_asked_for()
    {
        Assert.Contains("OPSAGENT_ALLOW_PLAINTEXT=monitor.example", Assert.Single(Read(("SWF_MONITOR_URL", "http://monitor.example/swf-monitor")).Errors), StringComparison.Ordinal);
        Assert.Empty(Read(("SWF_MONITOR_URL", "http://monitor.example/m"), ("OPSAGENT_ALLOW_PLAINTEXT", "monitor.example")).Errors);
        Assert.Empty(Read(("SWF_MONITOR_URL", "http://127.0.0.1:8002/swf-monitor")).Errors);
        Assert.Empty(Read(("SWF_MONITOR_URL", "http://[::1]:8002/swf-monitor")).Errors);
    }

    [Theory]
    [InlineData("monitor.example/swf-monitor")]
    [InlineData("ftp://monitor.example")]
    [InlineData("https://user:word@monitor.example")]
    [InlineData("https://monitor.example/?a=b")]
    public void What_is_no_base_url_is_refused(string url)
    {
        Assert.NotEmpty(Read(("SWF_MONITOR_URL", url)).Errors);
    }

    [Fact]
    public void A_ca_bundle_that_can_not_be_used_is_refused_where_it_is_needed()
    {
        Assert.Contains("/nowhere.pem", Assert.Single(Read(("SWF_MONITOR_URL", "https://m"), ("REQUESTS_CA_BUNDLE", "/nowhere.pem")).Errors), StringComparison.Ordinal);
        Assert.Empty(Read(("SWF_MONITOR_URL", "http://localhost"), ("REQUESTS_CA_BUNDLE", "/nowhere.pem")).Errors);
    }

    [Fact]
    public void An_id_that_is_given_is_not_asked_for()
    {
        var (options, errors) = Read([("SWF_MONITOR_URL", "https://m")], "[agent]\nid = \"7\"\n");
        Assert.Empty(errors);
        Assert.False(options.AsksForId);
    }

    private static (MonitorOptions Options, List<string> Errors) Read(params (string Name, string Value)[] environment) => Read(environment, "");

    private static (MonitorOptions Options, List<string> Errors) Read((string Name, string Value)[] environment, string text)
    {
        using var file = new ConfigurationFile(text);
        var (settings, found) = EffectiveConfiguration.Read(file.Path, environment.ToDictionary(e => e.Name, e => e.Value), []);
        var errors = new List<string>(found);
        return (errors.Count > 0 ? MonitorOptions.Off : MonitorSettings.Read(settings, errors), errors);
    }
}
