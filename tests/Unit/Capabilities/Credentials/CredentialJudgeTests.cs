using System.Diagnostics;
using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Credentials;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities.Credentials;

public sealed class CredentialJudgeTests : IDisposable
{
    private readonly CredentialScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("X509Proxy")]
    [InlineData("OidcToken")]
    [InlineData("BearerToken")]
    public void One_that_ends_is_good_as_long_as_it_must_last(string kind)
    {
        var what = Enum.Parse<CredentialKind>(kind);
        var credential = _scene.Of(what) with { MinLife = TimeSpan.FromHours(1) };

        Assert.Equal(CredentialState.Missing, Look(credential));
        _scene.Write(what, TimeSpan.FromHours(2));
        Assert.Equal(CredentialState.Good, Look(credential));
        Assert.InRange(_scene.Judge.Judge(credential).Ends!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(1.9), TimeSpan.FromHours(2));
        _scene.Write(what, TimeSpan.FromMinutes(30));
        Assert.Equal(CredentialState.Short, Look(credential));
        Assert.Equal(CredentialState.Good, Look(credential with { MinLife = TimeSpan.Zero }));
        _scene.Write(what, TimeSpan.FromHours(-1));
        Assert.Equal(CredentialState.Expired, Look(credential));
        _scene.Write("secret of no kind");
        Assert.Equal(CredentialState.Unreadable, Look(credential));
        _scene.Write("");
        Assert.Equal(CredentialState.Unreadable, Look(credential));
        _scene.Write(what, TimeSpan.FromHours(2));
        Assert.Equal(CredentialState.Good, Look(credential));
    }

    [Theory]
    [InlineData("{\"id_token\": \"\\ud800\"}")]
    [InlineData("{\"\\ud800\": 1}")]
    [InlineData("{\"id_token\": \"h.eyJcdWQ4MDAiOiAxfQ.s\"}")] // {"\ud800": 1}
    [InlineData("{\"id_token\": \"h.eyJleHAiOiAxLCAiXHVkODAwIjogMX0.s\", \"refresh_token\": \"\\udfff\"}")]
    public void A_token_with_half_a_surrogate_pair_is_none(string text)
    {
        var credential = _scene.Of(CredentialKind.OidcToken);
        _scene.Write(text);

        Assert.Equal(CredentialState.Unreadable, Look(credential));
    }

    [Fact]
    public void User_and_password_have_no_end()
    {
        var credential = _scene.Of(CredentialKind.UserPass) with { MinLife = TimeSpan.FromDays(7) };

        Assert.Equal(CredentialState.Missing, Look(credential));
        foreach (var (text, state) in new[]
        {
            ("reader:secret", CredentialState.Good), ("reader\nsecret\n", CredentialState.Good), ("secret", CredentialState.Unreadable),
            (":secret", CredentialState.Unreadable), ("reader:\n", CredentialState.Unreadable), ("\n\n", CredentialState.Unreadable),
        })
        {
            _scene.Write(text);
            Assert.Equal((text, state), (text, Look(credential)));
        }
    }

    [Fact]
    public void What_nothing_names_is_unset_and_a_path_must_be_whole()
    {
        var credential = new CredentialDefinition("it", "NOT_SET") { Kind = CredentialKind.X509Proxy };

        Assert.Equal((CredentialState.Unset, true), (Look(credential), _scene.Judge.Judge(credential).Holds));
        Assert.False(_scene.Judge.Judge(credential with { Optional = true }).Holds);
        _scene.Environment["NOT_SET"] = "beside/me";
        Assert.Equal(CredentialState.Unreadable, Look(credential));
        _scene.Environment.Remove("NOT_SET");
        _scene.Write(CredentialKind.X509Proxy, TimeSpan.FromHours(1));
        Assert.Equal(CredentialState.Good, Look(credential with { Path = _scene.Path }));
        _scene.Environment["HOME"] = _scene.Folder.Path;
        Assert.Equal(CredentialState.Good, Look(credential with { Path = "~/credential" }));
    }

    [Fact]
    public void An_optional_one_that_is_there_must_be_good()
    {
        var credential = _scene.Of(CredentialKind.OidcToken) with { Optional = true };

        Assert.False(_scene.Judge.Judge(credential).Holds);
        _scene.Write(CredentialKind.OidcToken, TimeSpan.FromHours(-1));
        Assert.True(_scene.Judge.Judge(credential).Holds);
    }

    [Theory]
    [InlineData(0x1A4, 0x180, "Exposed")] // 0644, 0600
    [InlineData(0x1A4, 0x1FF, "Exposed")] // whatever is allowed, never for others
    [InlineData(0x181, 0x1FF, "Exposed")]
    [InlineData(0x1A0, 0x180, "Exposed")] // 0640
    [InlineData(0x1A0, 0x1A0, "Good")]
    [InlineData(0x1B0, 0x1A0, "Exposed")] // 0660
    [InlineData(0x100, 0x180, "Good")] // 0400
    [InlineData(0x980, 0x180, "Exposed")] // 04600
    public void It_may_be_readable_to_as_many_as_is_allowed_and_never_to_others(int mode, int most, string state)
    {
        var credential = _scene.Of(CredentialKind.X509Proxy) with { ModeMax = most };
        _scene.Write(CredentialKind.X509Proxy, TimeSpan.FromHours(1));
        File.SetUnixFileMode(_scene.Path, (UnixFileMode)mode);

        Assert.Equal(state, $"{Look(credential)}");
    }

    [Fact]
    public void It_must_belong_to_one_of_its_owners()
    {
        var credential = _scene.Of(CredentialKind.UserPass);
        _scene.Write(CredentialKind.UserPass, TimeSpan.Zero);
        var own = Users.Own.ToString(System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(CredentialState.Good, Look(credential));
        Assert.Equal(CredentialState.Good, Look(credential with { Owners = ["nobody", own] }));
        Assert.Equal(CredentialState.Exposed, Look(credential with { Owners = ["nobody"] }));
        Assert.Equal(CredentialState.Exposed, Look(credential with { Owners = ["there-is-no-such-user"] }));
        Assert.Equal(CredentialState.Good, new CredentialJudge(_scene.Environment, null, TimeProvider.System).Judge(credential).State);
    }

    [Fact]
    public void A_file_of_root_is_taken_and_one_of_another_user_is_not()
    {
        var passwd = new CredentialDefinition("it", null) { Kind = CredentialKind.UserPass, Path = "/etc/hostname", ModeMax = 0x1B4 };

        // Root's and open to all, as it is: only its mode is at fault, and of ours only the owner for somebody else.
        Assert.Contains("mode", _scene.Judge.Judge(passwd).Problem, StringComparison.Ordinal);
        var credential = _scene.Of(CredentialKind.UserPass);
        _scene.Write(CredentialKind.UserPass, TimeSpan.Zero);
        var somebody = new CredentialJudge(_scene.Environment, 4242, TimeProvider.System).Judge(credential);
        Assert.Equal(Users.Own == 0 ? CredentialState.Good : CredentialState.Exposed, somebody.State);
    }

    [Fact]
    public void One_of_another_user_is_used_only_where_that_user_is_named()
    {
        var credential = _scene.Of(CredentialKind.UserPass);
        _scene.Write(CredentialKind.UserPass, TimeSpan.Zero);
        var given = FileOwner.TryGiveAway(_scene.Path);

        Assert.Equal(given ? CredentialState.Exposed : CredentialState.Good, Look(credential));
        Assert.Equal(given ? CredentialState.Good : CredentialState.Exposed, Look(credential with { Owners = [$"{FileOwner.Other}"] }));
    }

    [Fact]
    public void A_link_is_refused_and_followed_where_that_is_allowed()
    {
        var credential = _scene.Of(CredentialKind.UserPass);
        File.WriteAllText(_scene.Folder.At("real"), "reader:secret");
        File.SetUnixFileMode(_scene.Folder.At("real"), CredentialScene.Private);
        File.CreateSymbolicLink(_scene.Path, _scene.Folder.At("real"));

        var verdict = _scene.Judge.Judge(credential);

        Assert.Equal(CredentialState.Exposed, verdict.State);
        Assert.Contains("symbolic link", verdict.Problem, StringComparison.Ordinal);
        Assert.Equal(CredentialState.Good, Look(credential with { Follow = true }));
        File.SetUnixFileMode(_scene.Folder.At("real"), CredentialScene.Private | UnixFileMode.OtherRead);
        Assert.Equal(CredentialState.Exposed, Look(credential with { Follow = true }));
    }

    [Fact]
    public void What_is_swapped_behind_an_opened_one_does_not_change_what_is_said_of_it()
    {
        var credential = _scene.Of(CredentialKind.X509Proxy);
        _scene.Write(CredentialKind.X509Proxy, TimeSpan.FromHours(1));
        using var opened = CredentialFile.Open(_scene.Path, follow: false, out _, out _);
        File.WriteAllText(_scene.Folder.At("other"), "of another user, and garbled");
        File.SetUnixFileMode(_scene.Folder.At("other"), CredentialScene.Private | UnixFileMode.OtherRead);
        File.Move(_scene.Folder.At("other"), _scene.Path, overwrite: true);

        Assert.Equal(CredentialState.Good, _scene.Judge.JudgeOpened(credential, _scene.Path, opened!, isWritable: true).State);
        Assert.Equal(CredentialState.Exposed, Look(credential));
    }

    [Theory]
    [InlineData(-1, true, "Good", "")]
    [InlineData(-1, false, "Expired", "; it could be renewed, but may not be written")]
    [InlineData(1, true, "Good", "")]
    [InlineData(1, false, "Short", "; it could be renewed, but may not be written")]
    [InlineData(3, false, "Good", "")]
    public void One_that_could_be_renewed_is_good_beyond_its_end_only_where_it_may_be_written(int hours, bool isWritable, string state, string ending)
    {
        var credential = _scene.Of(CredentialKind.OidcToken) with { MinLife = TimeSpan.FromHours(2) };
        _scene.Write($$"""{"id_token": "{{CredentialScene.Token(TimeSpan.FromHours(hours))}}", "refresh_token": "opaque"}""");
        using var opened = CredentialFile.Open(_scene.Path, follow: false, out _, out _);

        var verdict = _scene.Judge.JudgeOpened(credential, _scene.Path, opened!, isWritable);

        Assert.Equal(state, $"{verdict.State}");
        Assert.EndsWith(ending, verdict.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_a_folder_nor_a_pipe_holds_up_whoever_asks()
    {
        var credential = _scene.Of(CredentialKind.BearerToken);
        Directory.CreateDirectory(_scene.Path);
        Assert.Equal(CredentialState.Unreadable, Look(credential));
        Directory.Delete(_scene.Path);
        using (var made = Process.Start("mkfifo", _scene.Path))
        {
            made.WaitForExit();
        }

        Assert.Equal(CredentialState.Unreadable, Look(credential));
    }

    [Theory]
    [InlineData("X509Proxy")]
    [InlineData("OidcToken")]
    [InlineData("UserPass")]
    [InlineData("BearerToken")]
    public void Nothing_of_a_secret_is_ever_quoted(string kind)
    {
        var what = Enum.Parse<CredentialKind>(kind);
        var credential = _scene.Of(what) with { MinLife = TimeSpan.FromDays(3) };
        foreach (var text in new[] { "secret", "secret.secret.secret", "{\"id_token\": \"secret\"}", "-----BEGIN CERTIFICATE-----\nsecret" })
        {
            _scene.Write(text);
            Assert.DoesNotContain("secret", _scene.Judge.Judge(credential).ToString(), StringComparison.Ordinal);
        }
    }

    private CredentialState Look(CredentialDefinition credential) => _scene.Judge.Judge(credential).State;
}
