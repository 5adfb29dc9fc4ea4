using OpsAgent.Abstractions;
using OpsAgent.Agent.Launching;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Launching;

public sealed class DoerEnvironmentTests
{
    private static readonly Dictionary<string, string> Agent = new()
    {
        ["HOME"] = "/home/ops",
        ["PATH"] = "/agent/path",
        ["TZ"] = "UTC",
        ["RUCIO_ACCOUNT"] = "prod",
        ["RUCIO_HOST"] = "https://rucio",
        ["RUCIOX"] = "not lent",
        ["rucio_token"] = "not lent",
        ["X509_USER_PROXY"] = "/run/proxy",
        ["TOKEN"] = "canary",
        ["http_proxy"] = "p",
        ["HTTPS_PROXY"] = "p",
        ["No_Proxy"] = "p",
        ["OPSAGENT_MARK"] = "forged",
        ["OPSAGENT_REQUEST_ID"] = "forged",
        ["OPSAGENT_RESULT_DIR"] = "/forged",
        ["OPSAGENT_LEFT_DIR"] = "/forged",
        ["NOTIFY_SOCKET"] = "/run/notify",
        ["EMPTY"] = "",
        ["TMPDIR"] = "/scratch",
        ["DOTNET_GCHeapHardLimit"] = "1",
    };

    [Fact]
    public void A_doer_that_names_nothing_gets_the_base_only() =>
        Assert.Equal(
            ["DOTNET_EnableDiagnostics", "HOME", "LANG", "OPSAGENT_MARK", "OPSAGENT_REQUEST_ID", "OPSAGENT_RESULT_DIR", "PATH", "TMPDIR", "TZ"],
            Of([], []).Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Names_are_exact_unless_they_end_in_a_star()
    {
        var lent = Of(["RUCIO_*", "TOKE", "EMPTY", "MISSING"], ["X509_USER_PROXY"]);
        Assert.Equal("prod", lent["RUCIO_ACCOUNT"]);
        Assert.Equal("https://rucio", lent["RUCIO_HOST"]);
        Assert.Equal("", lent["EMPTY"]);
        Assert.Equal("/run/proxy", lent["X509_USER_PROXY"]);
        Assert.DoesNotContain("RUCIOX", lent);
        Assert.DoesNotContain("rucio_token", lent);
        Assert.DoesNotContain("TOKEN", lent);
        Assert.DoesNotContain("MISSING", lent);
    }

    [Fact]
    public void A_credential_is_never_a_pattern() => Assert.DoesNotContain("TOKEN", Of([], ["TOK*"]));

    [Fact]
    public void Proxy_variables_are_dropped_in_any_case_whoever_names_them()
    {
        var lent = Of(["*"], ["HTTPS_PROXY"]);
        Assert.DoesNotContain("http_proxy", lent);
        Assert.DoesNotContain("HTTPS_PROXY", lent);
        Assert.DoesNotContain("No_Proxy", lent);
        Assert.DoesNotContain("NOTIFY_SOCKET", lent);
        Assert.Equal("/run/proxy", lent["X509_USER_PROXY"]);
    }

    [Fact]
    public void What_says_whose_doer_it_is_can_not_be_lent_over()
    {
        var lent = Of(["OPSAGENT_*"], []);
        Assert.Equal("state:r:1:2", lent["OPSAGENT_MARK"]);
        Assert.Equal("r:1", lent["OPSAGENT_REQUEST_ID"]);
        Assert.Equal("/work/folder", lent["OPSAGENT_RESULT_DIR"]);
        Assert.DoesNotContain("OPSAGENT_LEFT_DIR", lent);
    }

    [Fact]
    public void Temporary_files_belong_to_the_run_unless_the_capability_says_otherwise()
    {
        Assert.Equal("/work/folder", Of([], [])["TMPDIR"]);
        Assert.Equal("/scratch", Of(["TMPDIR"], [])["TMPDIR"]);
    }

    [Fact]
    public void A_limit_of_the_heap_is_told_to_the_runtime_in_its_own_notation_and_can_not_be_lent_over()
    {
        Assert.DoesNotContain("DOTNET_GCHeapHardLimit", Of([], []));
        Assert.Equal("40000000", Of(["DOTNET_*"], [], new DoerLimits { Heap = 1L << 30 })["DOTNET_GCHeapHardLimit"]);
    }

    [Fact]
    public void The_agents_PATH_is_lent_only_by_name()
    {
        Assert.StartsWith("/usr/local/bin:", Of([], [])["PATH"], StringComparison.Ordinal);
        Assert.Equal("/agent/path", Of(["PATH"], [])["PATH"]);
    }

    private static Dictionary<string, string> Of(string[] environment, string[] credentials, DoerLimits? limits = null)
    {
        var plan = new DoerPlan
        {
            Program = "x", Timeout = TimeSpan.FromSeconds(1), Environment = environment, Credentials = credentials, Limits = limits,
        };
        return new DoerEnvironment(new LaunchingOptions { StateId = "state", Environment = Agent })
            .Of(plan, new RunContext { RequestId = new RequestId("r:1"), MsgType = new MsgType("t"), Attempt = 2, Plan = plan }, "/work/folder")
            .Select(static entry => entry.Split('=', 2))
            .ToDictionary(static pair => pair[0], static pair => pair[1]);
    }
}
