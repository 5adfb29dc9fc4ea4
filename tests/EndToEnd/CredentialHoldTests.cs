using System.Buffers.Text;
using System.Diagnostics;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Servers;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>
/// Requests whose credential is over, before the published agent. It runs as an unprivileged user: root passes every mode and owner.
/// </summary>
[Collection(nameof(Broker))]
public sealed class CredentialHoldTests(Broker broker) : IDisposable
{
    // Debian's nobody.
    private const string Nobody = "65534";

    private readonly GridCredentials _grid = GridCredentials.Create();

    public void Dispose() => _grid.Dispose();

    [ServerFact("activemq", "python3-stomp")]
    public async Task One_with_an_expired_proxy_waits_over_a_restart_and_runs_once_when_the_proxy_is_renewed()
    {
        await using var scene = await SetAsync();
        var proxy = scene.Folder.At("proxy");
        Place(_grid.WriteProxy("old", TimeSpan.FromDays(-2), TimeSpan.FromHours(-1)), proxy);
        await Own(scene.Folder.Path);
        await scene.Agent.StartAsync();

        await scene.SendAsync("""{"msg_type":"with_proxy","n":1,"request_id":"held"}""", """{"msg_type":"note","n":2,"request_id":"beside"}""");

        var held = await HeldAsync(scene, "held");
        Assert.StartsWith($"credential proxy ({proxy} expired at ", held["reason"], StringComparison.Ordinal);
        Assert.EndsWith(": renew it with voms-proxy-init", held["reason"], StringComparison.Ordinal);
        Assert.Equal("with_proxy", held["request_type"]);
        Assert.True(DateTimeOffset.Parse(held["until"]!) > TimeProvider.System.GetUtcNow());
        Assert.Equal("ok", (await scene.SettlesAsync("beside"))["outcome"]);
        Assert.Contains("with_proxy", $"{(await scene.PingAsync()).Body}", StringComparison.Ordinal);
        var status = await scene.Agent.OpsCtlAsync("status");
        Assert.Equal(1, status.ExitCode);
        Assert.Contains("held with_proxy", status.Output, StringComparison.Ordinal);
        var why = await scene.Agent.OpsCtlAsync("work", "why", "held");
        Assert.Contains("held since", why.Output, StringComparison.Ordinal);
        Assert.Contains("renew it with voms-proxy-init", why.Output, StringComparison.Ordinal);

        await scene.Agent.KillAsync();
        await scene.Agent.StartAsync();
        await scene.SendAsync("""{"msg_type":"with_proxy","n":3,"request_id":"later"}""");
        await HeldAsync(scene, "later");

        var renewed = scene.Folder.At("renewed");
        Place(_grid.WriteProxy("new", TimeSpan.FromHours(-1), TimeSpan.FromHours(12)), renewed);
        await Own(renewed);
        File.Move(renewed, proxy, overwrite: true);

        Assert.Equal("ok", (await scene.SettlesAsync("held"))["outcome"]);
        Assert.Equal("ok", (await scene.SettlesAsync("later"))["outcome"]);
        Assert.Equal(["2", "proxy 1", "proxy 3"], (await File.ReadAllLinesAsync(scene.Agent.At("notes"))).Order());
        Assert.Equal(["held", "later"], Held(scene).Select(static m => m["request_id"]).Order());
        await Eventually.HoldsAsync(() => !scene.Agent.OpsCtlAsync("status").GetAwaiter().GetResult().Output.Contains("held with_proxy", StringComparison.Ordinal), "no type is held");
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_token_that_others_may_read_is_not_lent_until_its_mode_is_mended_in_place()
    {
        await using var scene = await SetAsync();
        var users = scene.Folder.Write("users", "reader:secret\n", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        await Own(scene.Folder.Path);
        await scene.Agent.StartAsync();

        await scene.SendAsync("""{"msg_type":"with_users","n":1,"request_id":"exposed"}""");
        var held = await HeldAsync(scene, "exposed");
        Assert.Contains("has mode 0604: at most 0600 is allowed", held["reason"], StringComparison.Ordinal);
        Assert.DoesNotContain("secret", $"{held.Body}", StringComparison.Ordinal);

        File.SetUnixFileMode(users, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal("ok", (await scene.SettlesAsync("exposed"))["outcome"]);
        Assert.Single(Held(scene));
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task One_whose_credential_does_not_come_is_rejected_with_the_reason()
    {
        await using var scene = await SetAsync(maxHold: 2);
        if (Environment.IsPrivilegedProcess)
        {
            // Root's alone: there, and not to be read.
            scene.Folder.Write("users", "reader:secret\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await Own(scene.Folder.Path);
        await RunAsync("chown", "0:0", scene.Folder.At("users"));
        await scene.Agent.StartAsync();

        await scene.SendAsync("""{"msg_type":"with_users","n":1,"request_id":"given-up"}""");

        var settled = await scene.SettlesAsync("given-up");
        Assert.Equal("rejected", settled["outcome"]);
        Assert.Matches("^held for [0-9]+ s: credential users [(]", settled["reason"]);
        Assert.Contains(Environment.IsPrivilegedProcess ? "can't be read" : "does not exist", settled["reason"], StringComparison.Ordinal);
        var failed = await scene.Listener.ReceivesAsync(m => m["msg_type"] == "not_done", "the event of its refusal");
        Assert.StartsWith("not run: held for ", failed["reason"], StringComparison.Ordinal);
        Assert.False(File.Exists(scene.Agent.At("notes")));
    }

    [ServerTheory("activemq", "python3-stomp")]
    [InlineData("64321:65534", "0640", "0640", "", "belongs to uid 64321: only this user's own or root's is used")]
    [InlineData("64321:65534", "0640", "0640", "owners = [\"65534\", \"root\"]", "belongs to uid 64321: only 65534, root is used")]
    [InlineData("64321:65534", "0640", "0640", "owners = [\"64321\"]", null)]
    [InlineData("0:65534", "0640", "0640", "", null)]
    [InlineData("65534:65534", "0640", "0600", "", "has mode 0640: at most 0600 is allowed")]
    [InlineData("65534:65534", "0640", "0640", "", null)]
    [InlineData("65534:65534", "0644", "0640", "", "has mode 0644: at most 0640 is allowed")]
    public async Task One_that_may_be_read_is_lent_only_with_an_owner_and_a_mode_that_the_configuration_allows(
        string owner, string mode, string most, string more, string? refused)
    {
        await using var scene = await SetAsync(users: $"mode_max = \"{most}\"\n{more}");
        var users = scene.Folder.Write("users", "reader:secret\n");
        await Own(scene.Folder.Path);
        await RunAsync("chown", owner, users);
        UnixMode.Set(users, mode);

        await LooksAsync(scene, refused);
    }

    [ServerTheory("activemq", "python3-stomp")]
    [InlineData("follow = false", "is a symbolic link, which follow = true would allow")]
    [InlineData("", "is a symbolic link, which follow = true would allow")]
    [InlineData("follow = true", null)]
    public async Task A_link_to_one_is_lent_only_where_links_are_followed(string follow, string? refused)
    {
        await using var scene = await SetAsync(users: follow);
        var real = scene.Folder.Write("real", "reader:secret\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await Own(scene.Folder.Path);
        File.CreateSymbolicLink(scene.Folder.At("users"), real);

        await LooksAsync(scene, refused);
    }

    [ServerTheory("activemq", "python3-stomp")]
    [InlineData("0600", null)]
    [InlineData("0400", "; it could be renewed, but may not be written")]
    public async Task A_token_that_is_over_is_lent_in_place_to_be_renewed_there_if_it_may_be_written(string mode, string? refused)
    {
        await using var scene = await SetAsync();
        var over = Base64Url.EncodeToString("{\"exp\":1700000000}"u8);
        var token = scene.Folder.Write("token", $$"""{"id_token": "h.{{over}}.s", "refresh_token": "opaque"}""");
        await Own(scene.Folder.Path);
        UnixMode.Set(token, mode);

        await LooksAsync(scene, refused is null ? null : "expired at 2023-11-14T22:13:20Z" + refused, "with_token");

        Assert.Equal(refused is null, File.ReadAllText(token).EndsWith("renewed\n", StringComparison.Ordinal));
    }

    /// <summary>Sends a request, which runs, or is held for that and does not.</summary>
    private static async Task LooksAsync(Scene scene, string? refused, string type = "with_users")
    {
        await scene.Agent.StartAsync();
        await scene.SendAsync($$"""{"msg_type":"{{type}}","n":1,"request_id":"looked-at"}""", """{"msg_type":"note","n":2,"request_id":"beside"}""");
        Assert.Equal("ok", (await scene.SettlesAsync("beside"))["outcome"]);
        if (refused is null)
        {
            Assert.Equal("ok", (await scene.SettlesAsync("looked-at"))["outcome"]);
            Assert.Empty(Held(scene));
        }
        else
        {
            Assert.Contains(refused, (await HeldAsync(scene, "looked-at"))["reason"], StringComparison.Ordinal);
            Assert.Equal("2\n", await File.ReadAllTextAsync(scene.Agent.At("notes")));
        }
    }

    private static IEnumerable<StompPyMessage> Held(Scene scene) => scene.Listener.Messages.Where(static m => m["msg_type"] == "ops_request_held");

    private static Task<StompPyMessage> HeldAsync(Scene scene, string id) => scene.Listener.ReceivesAsync(
        m => m["msg_type"] == "ops_request_held" && m["request_id"] == id, () => $"{id} is held; the agent wrote:\n{scene.Agent.Process.Output}");

    private async Task<Scene> SetAsync(int maxHold = 600, string users = "")
    {
        var environment = new Dictionary<string, string> { ["HOME"] = "/nonexistent", ["MAX_HOLD"] = $"{maxHold}" };
        var scene = await Scene.SetAsync(broker, folder => Manifest(folder, users), environment);
        scene.Agent.Behind = Environment.IsPrivilegedProcess ? ["/usr/bin/setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups"] : [];
        return scene;
    }

    private static void Place(string from, string to)
    {
        File.Copy(from, to, overwrite: true);
        File.SetUnixFileMode(to, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static Task Own(string path) => RunAsync("chown", "-R", $"{Nobody}:{Nobody}", path);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        if (Environment.IsPrivilegedProcess)
        {
            using var run = Process.Start(program, arguments);
            await run.WaitForExitAsync();
        }
    }

    private static string Manifest(TemporaryFolder folder, string users) => $$$"""
        [testbed]
        namespace = "prodops"

        [lane.quick]
        slots = 1

        [credential.proxy]
        kind = "x509_proxy"
        env  = "THE_PROXY"
        path = "{{{folder.At("proxy")}}}"

        [credential.users]
        kind = "userpass"
        path = "{{{folder.At("users")}}}"
        {{{users}}}

        [credential.token]
        kind = "oidc_token"
        env  = "THE_TOKEN"
        path = "{{{folder.At("token")}}}"

        [capability.note]
        description = "append a number to a file"
        doer        = ["{{{Manifests.Program(folder, "note", "echo \"$1\" >> \"$SWF_TMP_DIR/notes\"")}}}", "{n}"]
        timeout     = "20s"
        lane        = "quick"
        environment = ["SWF_TMP_DIR"]

        [capability.note.fields]
        n = { type = "id", required = true }

        [capability.with_proxy]
        description = "the same with a proxy"
        doer        = ["{{{Manifests.Program(folder, "with-proxy", "grep -q CERTIFICATE \"$THE_PROXY\" && echo \"proxy $1\" >> \"$SWF_TMP_DIR/notes\"")}}}", "{n}"]
        timeout     = "20s"
        lane        = "quick"
        environment = ["SWF_TMP_DIR"]
        credentials = ["proxy"]

        [capability.with_proxy.fields]
        n = { type = "id", required = true }

        [capability.with_token]
        description = "renews a token"
        doer        = ["{{{Manifests.Program(folder, "with-token", "echo renewed >> \"$THE_TOKEN\"")}}}", "{n}"]
        timeout     = "20s"
        lane        = "quick"
        environment = ["SWF_TMP_DIR"]
        credentials = ["token"]

        [capability.with_token.fields]
        n = { type = "id", required = true }

        [capability.with_users]
        description = "the same with a password"
        doer        = ["{{{folder.At("note")}}}", "{n}"]
        timeout     = "20s"
        lane        = "quick"
        max_hold    = { env = "MAX_HOLD", default = "10m" }
        environment = ["SWF_TMP_DIR"]
        credentials = ["users"]

        [capability.with_users.fields]
        n = { type = "id", required = true }

        [[capability.with_users.on.error]]
        msg_type = "not_done"
        reason   = "{reason}"
        """;
}
