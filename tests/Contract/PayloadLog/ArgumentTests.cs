using OpsAgent.Tests.Facility.Rucio;
using OpsAgent.Tests.Support.Archives;
using Xunit;

namespace OpsAgent.Tests.Contract.PayloadLog;

[Collection(nameof(Site))]
public sealed class ArgumentTests(Site site)
{
    [Theory]
    [InlineData("--pandaid=../../escaped")]
    [InlineData("--pandaid=12345678901234567890")]
    [InlineData("--pandaid=1.0")]
    [InlineData("--pandaid=")]
    [InlineData("--pandaid=١٢")]
    [InlineData("--jeditaskid=1/../2")]
    [InlineData("--lfn=..")]
    [InlineData("--lfn=a/b")]
    [InlineData("--lfn=-rf")]
    [InlineData("--lfn=a b")]
    [InlineData("--lfn=@/etc/passwd")]
    [InlineData("--scope=a/b")]
    [InlineData("--scope=-x")]
    [InlineData("--scope=_x")]
    [InlineData("--unknown=1")]
    [InlineData("surplus")]
    public async Task An_argument_of_another_form_is_2_and_touches_nothing(string argument)
    {
        using var fetch = new Fetch(site);
        var name = argument.Split('=')[0];
        fetch.Arguments.RemoveAll(a => a.StartsWith(name + "=", StringComparison.Ordinal));
        fetch.Arguments.Add(argument);

        fetch.AssertFailed(await fetch.RunAsync(), 2, "");

        Assert.Empty(Directory.GetFileSystemEntries(fetch.Scratch));
    }

    [Theory]
    [InlineData("--scope")]
    [InlineData("--lfn")]
    [InlineData("--jeditaskid")]
    [InlineData("--pandaid")]
    public async Task A_missing_argument_is_2(string name)
    {
        using var fetch = new Fetch(site);
        fetch.Arguments.RemoveAll(a => a.StartsWith(name, StringComparison.Ordinal));

        fetch.AssertFailed(await fetch.RunAsync(), 2, name);
    }

    [Fact]
    public async Task An_argument_given_twice_is_2()
    {
        using var fetch = new Fetch(site);

        fetch.AssertFailed(await fetch.RunAsync("--pandaid=2"), 2, "--pandaid");
    }

    [Fact]
    public async Task Names_and_values_may_stand_apart()
    {
        var tarball = LogTarball.Good();
        using var fetch = new Fetch(site);
        site.Facility.Storage.Put(fetch.Lfn, tarball);
        fetch.Known(tarball.Length, new StandInReplica($"{site.Facility.Url}/door/{fetch.Lfn}", "a"));
        var apart = fetch.Arguments.SelectMany(a => a.Split('=')).ToList();
        fetch.Arguments.Clear();
        fetch.Arguments.AddRange(apart);

        FetchingTests.AssertCached(fetch, await fetch.RunAsync());
    }

    [Fact]
    public async Task Help_has_examples_and_every_exit_code()
    {
        using var fetch = new Fetch(site);
        fetch.Arguments.Clear();

        var run = await fetch.RunAsync("--help");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Examples:", run.Stdout, StringComparison.Ordinal);
        Assert.All(
            Enum.GetValues<Doers.Facility.DoerExit>(),
            exit => Assert.Matches($@"(^|\s){(int)exit}[ ,:]", run.Stdout));
    }

    [Theory]
    [InlineData("RUCIO_URL", "http://localhost:1")]
    [InlineData("SWF_TMP_DIR", "relative")]
    [InlineData("SWF_TMP_DIR", "/nonexistent")]
    [InlineData("XRDCP_TIMEOUT", "soon")]
    [InlineData("REQUESTS_CA_BUNDLE", "/nonexistent")]
    [InlineData("REQUESTS_CA_BUNDLE", "/dev/null")]
    public async Task A_wrong_setting_is_78_and_named(string variable, string value)
    {
        using var fetch = new Fetch(site);
        fetch.Environment[variable] = value;

        fetch.AssertFailed(await fetch.RunAsync(), 78, variable);
    }
}
