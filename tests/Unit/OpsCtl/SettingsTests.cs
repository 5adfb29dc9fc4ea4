using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

public sealed class SettingsTests : IDisposable
{
    private readonly OpsCtlRun _run = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("opsctl");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Without_anything_the_facilitys_defaults_hold()
    {
        Assert.Equal(0, await SendAsync());

        var settings = _run.Settings!;
        Assert.Equal(
            ("localhost:61612", "admin", "admin", "/queue/epicprod.ops", "/topic/epicprod.ops.settled", "prodops"),
            (settings.Address, settings.User, settings.Password, settings.Queue, settings.SettledTopic, settings.Namespace));
        Assert.Null(settings.Tls);
    }

    [Fact]
    public async Task The_environment_beats_the_defaults_and_an_option_beats_the_environment()
    {
        _run.Environment["ACTIVEMQ_HOST"] = "127.0.0.1";
        _run.Environment["ACTIVEMQ_PORT"] = "61613";
        _run.Environment["ACTIVEMQ_USER"] = "ops";
        _run.Environment["ACTIVEMQ_PASSWORD"] = "from-environment";
        _run.Environment["EPICPROD_OPS_QUEUE"] = "/queue/other";
        var password = Write("password", "from-file\nsecond line\n");

        Assert.Equal(0, await SendAsync("--port", "7", "--password-file", password));

        var settings = _run.Settings!;
        Assert.Equal(
            ("127.0.0.1:7", "ops", "from-file", "/queue/other"),
            (settings.Address, settings.User, settings.Password, settings.Queue));
    }

    [Fact]
    public async Task The_namespace_is_that_of_the_configuration()
    {
        _run.Environment["OPSAGENT_CONFIG"] = Write("prodops.toml", "[testbed]\nnamespace = \"testops\"\n");

        Assert.Equal(0, await SendAsync());

        Assert.Equal("testops", _run.Settings!.Namespace);
        Assert.Equal("testops", FakeOpsBus.Body(_run.Bus.Sent[0]).GetProperty("namespace").GetString());
    }

    [Fact]
    public async Task The_configuration_is_found_beside_the_program()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "agents"));
        Write("agents/prodops.toml", "[testbed]\nnamespace = \"beside\"\n");
        _run.ProgramFolder = Path.Combine(_folder.FullName, "bin");

        Assert.Equal(0, await SendAsync());

        Assert.Equal("beside", _run.Settings!.Namespace);
    }

    [Theory]
    [InlineData("ACTIVEMQ_PORT", "many")]
    [InlineData("ACTIVEMQ_PORT", "0")]
    [InlineData("EPICPROD_OPS_QUEUE", "epicprod.ops")]
    [InlineData("EPICPROD_OPS_QUEUE", "/queue/")]
    [InlineData("OPSAGENT_SETTLED_TOPIC", "settled")]
    [InlineData("OPSAGENT_CONFIG", "/nowhere/prodops.toml")]
    [InlineData("ACTIVEMQ_HOST", "broker.example.org")]
    [InlineData("ACTIVEMQ_HOST", "localhost,broker.example.org")]
    [InlineData("ACTIVEMQ_HOST", ",")]
    [InlineData("ACTIVEMQ_HOST", ":61613")]
    [InlineData("ACTIVEMQ_HOST", "localhost:")]
    [InlineData("ACTIVEMQ_HOST", "localhost:0")]
    [InlineData("ACTIVEMQ_HOST", "localhost:70000")]
    [InlineData("ACTIVEMQ_HOST", "[::1]61613")]
    [InlineData("ACTIVEMQ_HOST", "[::1")]
    [InlineData("ACTIVEMQ_USE_SSL", "true")]
    [InlineData("ACTIVEMQ_USE_SSL", "TRUE")]
    [InlineData("ACTIVEMQ_USE_SSL", "1")]
    [InlineData("ACTIVEMQ_USE_SSL", "Yes")]
    [InlineData("ACTIVEMQ_USE_SSL", "on")]
    public async Task A_wrong_setting_exits_with_78_and_connects_to_nothing(string name, string value)
    {
        _run.Environment[name] = value;

        Assert.Equal(78, await SendAsync());
        Assert.Null(_run.Settings);
    }

    [Fact]
    public async Task A_configuration_with_a_syntax_error_is_told_with_its_place()
    {
        var file = Write("prodops.toml", "[testbed]\nnamespace = \n");

        Assert.Equal(78, await SendAsync("--config", file));

        Assert.Contains($"{file}:2:", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_text_off_loopback_is_refused_unless_that_host_is_named()
    {
        Assert.Equal(78, await SendAsync("--host", "broker.example.org"));
        Assert.Contains("OPSAGENT_ALLOW_PLAINTEXT=broker.example.org", _run.Error, StringComparison.Ordinal);

        _run.Environment["OPSAGENT_ALLOW_PLAINTEXT"] = "other.example.org";
        Assert.Equal(78, await SendAsync("--host", "broker.example.org"));

        _run.Environment["OPSAGENT_ALLOW_PLAINTEXT"] = "broker.example.org";
        Assert.Equal(0, await SendAsync("--host", "broker.example.org"));
    }

    [Theory]
    [InlineData("one.example.org,broker.example.org")]
    [InlineData("Broker.example.org")]
    [InlineData("broker.example.org:61612")]
    public async Task Plain_text_is_allowed_to_one_host_as_it_is_written(string allowed)
    {
        _run.Environment["OPSAGENT_ALLOW_PLAINTEXT"] = allowed;
        Assert.Equal(78, await SendAsync("--host", "broker.example.org"));
    }

    [Fact]
    public async Task Each_of_several_hosts_must_be_allowed_plain_text()
    {
        _run.Environment["OPSAGENT_ALLOW_PLAINTEXT"] = "one.example.org";
        Assert.Equal(0, await SendAsync("--host", "localhost,one.example.org:61613"));
        Assert.Equal(78, await SendAsync("--host", "one.example.org,two.example.org"));
        Assert.Contains("OPSAGENT_ALLOW_PLAINTEXT=two.example.org", _run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("false")]
    [InlineData("No")]
    [InlineData("0")]
    [InlineData("")]
    public async Task A_plain_no_to_tls_is_taken(string value)
    {
        _run.Environment["ACTIVEMQ_USE_SSL"] = value;
        Assert.Equal(0, await SendAsync());
        Assert.Null(_run.Settings!.Tls);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("YES")]
    [InlineData("1")]
    public async Task The_environment_asks_for_tls_in_the_agents_words(string value)
    {
        _run.Environment["ACTIVEMQ_USE_SSL"] = value;
        _run.Environment["ACTIVEMQ_SSL_CA_CERTS"] = Write("ca.pem", "");
        Assert.Equal(0, await SendAsync());
        Assert.NotNull(_run.Settings!.Tls);
    }

    [Theory]
    [InlineData("localhost", "localhost:61612")]
    [InlineData("localhost:61614", "localhost:61614")]
    [InlineData("127.0.0.1, localhost:61614 ,", "127.0.0.1:61612, localhost:61614")]
    [InlineData("::1", "[::1]:61612")]
    [InlineData("[::1]", "[::1]:61612")]
    [InlineData("[::1]:61613,localhost", "[::1]:61613, localhost:61612")]
    public async Task Brokers_are_written_as_the_agent_takes_them(string hosts, string expected)
    {
        _run.Environment["ACTIVEMQ_HOST"] = hosts;
        Assert.Equal(0, await SendAsync());
        Assert.Equal(expected, _run.Settings!.Address);
    }

    [Fact]
    public async Task A_variable_that_is_set_and_empty_counts_as_unset()
    {
        foreach (var name in new[]
        {
            "ACTIVEMQ_HOST", "ACTIVEMQ_PORT", "ACTIVEMQ_USER", "ACTIVEMQ_PASSWORD", "ACTIVEMQ_USE_SSL", "ACTIVEMQ_SSL_CA_CERTS",
            "ACTIVEMQ_SSL_CERT_FILE", "ACTIVEMQ_SSL_KEY_FILE", "EPICPROD_OPS_QUEUE", "OPSAGENT_ALLOW_PLAINTEXT", "OPSAGENT_CONFIG",
        })
        {
            _run.Environment[name] = "";
        }

        Assert.Equal(0, await SendAsync());

        var settings = _run.Settings!;
        Assert.Equal(
            ("localhost:61612", "admin", "admin", "/queue/epicprod.ops"),
            (settings.Address, settings.User, settings.Password, settings.Queue));
    }

    [Fact]
    public async Task A_host_that_only_begins_like_loopback_is_not_loopback() =>
        Assert.Equal(78, await SendAsync("--host", "127.0.0.1.example.org"));

    [Fact]
    public async Task Tls_needs_files_that_exist()
    {
        var authority = Write("ca.pem", "");

        Assert.Equal(78, await SendAsync("--tls", "--ca-file", Path.Combine(_folder.FullName, "absent.pem")));
        Assert.Equal(78, await SendAsync("--tls", "--ca-file", authority, "--cert-file", "/nowhere/cert.pem"));
        Assert.Equal(0, await SendAsync("--host", "broker.example.org", "--tls", "--ca-file", authority));
        Assert.Equal(authority, _run.Settings!.Tls!.CaFile);
    }

    [Theory]
    [InlineData("/explicit", "/env", "/systemd:/second", "/xdg", "/explicit/control.sock")]
    [InlineData(null, "/env", "/systemd:/second", "/xdg", "/env/control.sock")]
    [InlineData(null, "", "/systemd:/second", "/xdg", "/systemd/control.sock")]
    [InlineData(null, null, null, "/xdg", "/xdg/opsagent/control.sock")]
    [InlineData(null, null, null, null, "/home/alice/.local/state/opsagent/control.sock")]
    public async Task The_state_folder_is_found_as_the_agent_finds_it(
        string? option, string? own, string? systemd, string? home, string expected)
    {
        foreach (var (name, value) in new[] { ("OPSAGENT_STATE_DIR", own), ("STATE_DIRECTORY", systemd), ("XDG_STATE_HOME", home) })
        {
            if (value is not null)
            {
                _run.Environment[name] = value;
            }
        }

        Assert.Equal(2, await _run.RunAsync(["status", .. option is null ? Array.Empty<string>() : ["--state-dir", option]]));

        Assert.Contains($"no agent listens at {expected}", _run.Error, StringComparison.Ordinal);
    }

    private Task<int> SendAsync(params string[] options) => _run.RunAsync(["send", "rucio_snapshot_update", .. options]);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
