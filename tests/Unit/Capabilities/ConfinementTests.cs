using OpsAgent.Agent.Launching;
using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Credentials;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities;

/// <summary>What a capability says of limits and of its sandbox.</summary>
public sealed class ConfinementTests
{
    private static readonly Dictionary<string, string> Agent = new()
    {
        ["MINE"] = "/my/file", ["OTHER"] = "/other/file", ["HOME"] = "/home/ops", ["PANDA_CONFIG_ROOT"] = "/conf", ["XDG_RUNTIME_DIR"] = "/run/user/7",
    };

    private const string Head = """
        [lane.l]
        slots = 1

        [credential.mine]
        env = "MINE"

        [credential.other]
        env = "OTHER"

        [capability.act]
        description = "x"
        timeout = "5s"
        lane = "l"
        credentials = ["mine"]

        """;

    [Fact]
    public void Limits_and_sandbox_are_read_with_their_units_and_reach_the_plan()
    {
        var definition = Read(
            "limits = { heap = \"1GiB\", files = 64, processes = 200, cpu = \"10m\", file_size = \"4GiB\" }\n"
            + "sandbox = { writable = [\"{tmp}\"], readable = [\"{home}/pclient\", \"/srv\"], network = true }\n");
        var limits = definition.Limits!;
        Assert.Equal((1L << 30, 64L, 200L, TimeSpan.FromMinutes(10), 4L << 30), (limits.Heap, limits.Files, limits.Processes, limits.Cpu, limits.FileSize));
        Assert.Null(limits.AddressSpace);
        var sandbox = definition.Sandbox!;
        Assert.True(sandbox.HasNetwork);
        Assert.Equal(["{tmp}"], sandbox.Writable);
        Assert.Equal(["{home}/pclient", "/srv"], sandbox.Readable);
        Assert.Equal(["/my/file"], sandbox.Lent);
        Assert.Equal(["/other/file"], sandbox.Withheld);
    }

    [Fact]
    public void Lent_and_withheld_are_the_files_that_are_judged()
    {
        const string More = "[credential.panda]\nkind = \"oidc_token\"\n[credential.bearer]\nkind = \"bearer_token\"\n[credential.usual]\nenv = \"U\"\nkind = \"x509_proxy\"\npath = \"~/u\"\n";
        var bearer = new CredentialJudge(Agent, null, TimeProvider.System).PathOf(new CredentialDefinition("b", null) { Kind = CredentialKind.BearerToken })!;
        var withheld = Parse("plain", "sandbox = {}", More).Manifest!.Capabilities[0].Definition.Sandbox!;
        Assert.Equal(["/conf/.token", bearer, "/home/ops/u", "/other/file"], withheld.Withheld);
        var lent = Parse("plain", "sandbox = {}", More, "\"panda\", \"bearer\", \"usual\", ").Manifest!.Capabilities[0].Definition.Sandbox!;
        Assert.Equal(["/other/file"], lent.Withheld);
        Assert.Equal([bearer, "/home/ops/u", "/my/file"], lent.Lent);
        Assert.Equal(["/conf/.token"], lent.Renewed);
    }

    [Fact]
    public void Without_them_there_are_none_and_a_sandbox_has_no_network_unless_it_says_so()
    {
        Assert.Equal((null, null), (Read("").Limits, Read("").Sandbox));
        Assert.False(Read("sandbox = {}\n").Sandbox!.HasNetwork);
    }

    [Theory]
    [InlineData("limits = { heap = \"1GB\" }", "limits.heap")]
    [InlineData("limits = { heap = \"1MiB\" }", "limits.heap")]
    [InlineData("limits = { heap = 1073741824 }", "limits.heap")]
    [InlineData("limits = { heap = \"99999999999GiB\" }", "limits.heap")]
    [InlineData("limits = { address_space = \"2GiB\" }", "limits.address_space")]
    [InlineData("limits = { file_size = \"1GiB\" }", "limits.file_size")]
    [InlineData("limits = { files = 3 }", "limits.files")]
    [InlineData("limits = { cpu = \"5ms\" }", "limits.cpu")]
    [InlineData("limits = { memory = \"1GiB\" }", "limits.memory")]
    [InlineData("sandbox = true", "sandbox")]
    [InlineData("sandbox = { writable = [\"relative\"] }", "sandbox.writable")]
    [InlineData("sandbox = { writable = [\"{tmp}/../etc\"] }", "sandbox.writable")]
    [InlineData("sandbox = { readable = [\"/\"] }", "sandbox.readable")]
    [InlineData("sandbox = { readable = [\"{tmp}x\"] }", "sandbox.readable")]
    [InlineData("sandbox = { netwrk = true }", "sandbox.netwrk")]
    public void A_mistake_is_told_where_it_stands(string line, string path)
    {
        var error = Assert.Single(Parse("plain", line).Errors);
        Assert.Equal($"capability.act.{path}", error.Path);
    }

    [Fact]
    public void What_would_kill_the_runtime_is_taken_for_a_program_of_another_kind() =>
        Assert.Empty(Parse("/usr/bin/other", "limits = { address_space = \"512MiB\", file_size = \"1MiB\" }").Errors);

    [Fact]
    public void A_host_that_lacks_the_programs_refuses_the_capabilities_that_need_them()
    {
        var manifest = Parse("plain", "limits = { files = 64 }\nsandbox = {}").Manifest!;
        Assert.Empty(ConfinementCheck.Errors(manifest, "f.toml", static _ => true));
        Assert.Equal(
            [
                "f.toml: capability.act.sandbox: this host has no /usr/bin/bwrap: install bubblewrap",
                "f.toml: capability.act.limits: this host has no /usr/bin/prlimit: install util-linux",
            ],
            ConfinementCheck.Errors(manifest, "f.toml", static _ => false));
        Assert.Empty(ConfinementCheck.Errors(Parse("plain", "").Manifest!, "f.toml", static _ => false));
    }

    private static CapabilityDefinition Read(string lines)
    {
        var reading = Parse("plain", lines);
        Assert.Empty(reading.Errors);
        return reading.Manifest!.Capabilities[0].Definition;
    }

    private static ManifestReading Parse(string program, string lines, string credentials = "", string lent = "") => ManifestReader.Parse(
        $"{credentials}{Head.Replace("[\"mine\"]", $"[{lent}\"mine\"]", StringComparison.Ordinal)}doer = [\"{program}\"]\n{lines}\n", "test.toml", Agent);
}
