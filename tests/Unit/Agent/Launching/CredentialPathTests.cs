using OpsAgent.Abstractions;
using OpsAgent.Agent.Launching;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Launching;

/// <summary>A credential that no variable names is lent where the manifest says that it is, so that the doer takes the one that was judged.</summary>
public sealed class CredentialPathTests
{
    [Theory]
    [InlineData(null, "/data/proxy", "X509_USER_PROXY=/data/proxy")]
    [InlineData("", "/data/proxy", "X509_USER_PROXY=/data/proxy")]
    [InlineData("/own", "/data/proxy", "X509_USER_PROXY=/own")]
    [InlineData(null, "~/proxy", "X509_USER_PROXY=/home/ops/proxy")]
    public void The_variable_counts_else_the_path(string? set, string path, string lent)
    {
        var agent = new Dictionary<string, string> { ["HOME"] = "/home/ops" };
        if (set is not null)
        {
            agent["X509_USER_PROXY"] = set;
        }

        var plan = new DoerPlan
        {
            Program = "x",
            Timeout = TimeSpan.FromSeconds(1),
            Credentials = ["X509_USER_PROXY"],
            CredentialPaths = new Dictionary<string, string> { ["X509_USER_PROXY"] = path },
        };
        var run = new RunContext { RequestId = new RequestId("r"), MsgType = new MsgType("t"), Attempt = 1, Plan = plan };
        var environment = new DoerEnvironment(new LaunchingOptions { Environment = agent, StateId = "s" });

        Assert.Contains(lent, environment.Of(plan, run, "/work"));
    }
}
