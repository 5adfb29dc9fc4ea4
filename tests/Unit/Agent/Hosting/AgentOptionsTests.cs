using OpsAgent.Agent.Hosting;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting;

public sealed class AgentOptionsTests
{
    private static readonly Dictionary<string, string> NoEnvironment = [];

    [Fact]
    public void Tls_without_a_ca_file_is_refused_and_never_becomes_plain_text()
    {
        var errors = Errors([new("broker.use_ssl", "true")]);
        Assert.Contains("ACTIVEMQ_SSL_CA_CERTS", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_text_off_this_machine_is_refused_by_default()
    {
        Assert.Contains("OPSAGENT_ALLOW_PLAINTEXT=broker.example", Assert.Single(Errors([new("broker.host", "broker.example")])), StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_text_to_the_host_named_for_it_is_allowed_and_to_no_other()
    {
        Assert.Empty(Errors([new("broker.host", "broker.example"), new("broker.allow_plaintext", "broker.example")]));
        Assert.Single(Errors([new("broker.host", "broker.example,other.example"), new("broker.allow_plaintext", "broker.example")]));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("127.1.2.3")]
    [InlineData("[::1]")]
    public void Plain_text_on_this_machine_is_allowed(string host)
    {
        Assert.Empty(Errors([new("broker.host", host)]));
    }

    [Fact]
    public void A_certificate_without_its_key_is_refused()
    {
        var file = typeof(AgentOptionsTests).Assembly.Location;
        var errors = Errors([new("broker.use_ssl", "true"), new("broker.ca_certs", file), new("broker.cert_file", file)]);
        Assert.Contains("key_file", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_ca_file_that_is_none_is_refused_before_anything_is_started()
    {
        var file = typeof(AgentOptionsTests).Assembly.Location;
        Assert.Contains(file, Assert.Single(Errors([new("broker.use_ssl", "true"), new("broker.ca_certs", file)])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("broker.connect_timeout", "0s")]
    [InlineData("broker.heart_beat", "2d")]
    [InlineData("control.group", "no-such-group-here")]
    public void What_only_a_room_can_tell_is_refused_with_the_rest(string key, string value)
    {
        Assert.Single(Errors([new(key, value)]));
    }

    [Theory]
    [InlineData("0", 1)]
    [InlineData("0s", 1)]
    [InlineData("999ms", 1)]
    [InlineData("1s", 0)]
    [InlineData("1.5", 0)]
    public void Heart_beats_can_not_be_turned_off_or_be_too_short_to_be_kept(string value, int errors)
    {
        using var file = new ConfigurationFile("");
        var (_, told) = EffectiveConfiguration.Read(file.Path, new Dictionary<string, string>(), [new("broker.heart_beat", value)]);
        Assert.Equal(errors, told.Count);
        Assert.All(told, e => Assert.Contains($"is '{value}'; it must be 1s or more", e, StringComparison.Ordinal));
    }

    [Fact]
    public void A_ca_file_that_is_not_there_is_refused()
    {
        Assert.Contains("/nowhere.pem", Assert.Single(Errors([new("broker.use_ssl", "yes"), new("broker.ca_certs", "/nowhere.pem")])), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_hosts_are_tried_in_turn_each_with_its_own_port()
    {
        var options = Options([new("broker.host", "localhost:1, 127.0.0.2, [::1]:3"), new("broker.port", "2")], []);
        Assert.Equal([("localhost", 1), ("127.0.0.2", 2), ("::1", 3)], options.Bus.Connection.Endpoints.Select(e => (e.Host, e.Port)));
    }

    [Fact]
    public void Settlements_never_go_to_the_event_topic()
    {
        Assert.Single(Errors([new("events.settled_topic", "/topic/epictopic")]));
    }

    [Theory]
    [InlineData("/set", "/systemd", "/set")]
    [InlineData("", "/systemd:/second", "/systemd")]
    public void The_state_folder_is_the_setting_or_systemd_s(string setting, string systemd, string expected)
    {
        var environment = new Dictionary<string, string> { ["OPSAGENT_STATE_DIR"] = setting, ["STATE_DIRECTORY"] = systemd };
        using var file = new ConfigurationFile("");
        var (settings, errors) = EffectiveConfiguration.Read(file.Path, environment, []);
        Assert.Empty(errors);
        Assert.Equal(expected, settings[AgentSettings.StateDir]);
    }

    [Fact]
    public void Without_either_the_state_is_below_the_user_s_state_home()
    {
        Assert.Equal(("/x/opsagent", "default"), StateFolder.WhenUnset(new Dictionary<string, string> { ["XDG_STATE_HOME"] = "/x" }));
    }

    private static List<string> Errors(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var errors = new List<string>();
        Options(settings, errors);
        return errors;
    }

    private static AgentOptions Options(IReadOnlyList<KeyValuePair<string, string>> given, List<string> errors)
    {
        using var file = new ConfigurationFile("");
        var (settings, wrong) = EffectiveConfiguration.Read(file.Path, NoEnvironment, given);
        Assert.Empty(wrong);
        return AgentOptions.From(settings, NoEnvironment, errors);
    }
}
