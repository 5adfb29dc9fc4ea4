using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Credentials;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities.Credentials;

/// <summary>Where tokens are looked for, and which of them renew themselves.</summary>
public sealed class TokenPlaceTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly CredentialScene _scene = new();
    private readonly CredentialDefinition _bearer = new("bearer", null) { Kind = CredentialKind.BearerToken };
    private readonly CredentialDefinition _panda = new("panda", null) { Kind = CredentialKind.OidcToken };

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void A_bearer_token_is_found_in_the_order_of_wlcg_and_the_first_that_is_named_counts()
    {
        _scene.Environment["XDG_RUNTIME_DIR"] = _scene.Folder.Path;
        Write($"bt_u{Users.Own}", CredentialScene.Token(Hour));
        Assert.Equal((CredentialState.Good, _scene.Folder.At($"bt_u{Users.Own}")), Look(_bearer));

        _scene.Environment["BEARER_TOKEN_FILE"] = _scene.Folder.At("named");
        Assert.Equal((CredentialState.Missing, _scene.Folder.At("named")), Look(_bearer));
        Write("named", CredentialScene.Token(-Hour));
        Assert.Equal((CredentialState.Expired, _scene.Folder.At("named")), Look(_bearer));

        _scene.Environment["BEARER_TOKEN"] = CredentialScene.Token(Hour);
        Assert.Equal((CredentialState.Good, null), Look(_bearer));
        _scene.Environment["BEARER_TOKEN"] = CredentialScene.Token(-Hour);
        Assert.Equal((CredentialState.Expired, null), Look(_bearer));
        Assert.Equal(["BEARER_TOKEN", "BEARER_TOKEN_FILE", "XDG_RUNTIME_DIR"], _bearer.Variables);
    }

    [Fact]
    public void Without_a_runtime_folder_it_is_looked_for_in_tmp() =>
        Assert.Equal($"/tmp/bt_u{Users.Own}", _scene.Judge.PathOf(_bearer));

    [Fact]
    public void The_panda_clients_token_is_where_the_client_keeps_it()
    {
        Assert.Equal((CredentialState.Unset, null), Look(_panda));
        _scene.Environment["HOME"] = _scene.Folder.Path;
        Assert.Equal((CredentialState.Missing, _scene.Folder.At(".pathena", ".token")), Look(_panda));
        _scene.Environment["PANDA_CONFIG_ROOT"] = _scene.Folder.Path;
        Write(".token", CredentialScene.Token(Hour));
        Assert.Equal((CredentialState.Good, _scene.Folder.At(".token")), Look(_panda));
    }

    [Fact]
    public void One_that_is_over_is_good_while_its_client_can_renew_it_in_place()
    {
        _scene.Environment["PANDA_CONFIG_ROOT"] = _scene.Folder.Path;
        var over = CredentialScene.Token(-Hour);
        Write(".token", $$"""{"id_token": "{{over}}"}""");
        Assert.Equal(CredentialState.Expired, Look(_panda).State);

        Write(".token", $$"""{"id_token": "{{over}}", "refresh_token": "opaque"}""");
        Assert.Equal(CredentialState.Good, Look(_panda).State);
        Write(".token", $$"""{"id_token": "{{over}}", "refresh_token": "{{CredentialScene.Token(Hour)}}"}""");
        Assert.Equal(CredentialState.Good, Look(_panda with { MinLife = Hour }).State);

        Write(".token", $$"""{"id_token": "{{over}}", "refresh_token": "{{CredentialScene.Token(-Hour)}}"}""");
        Assert.Equal(CredentialState.Expired, Look(_panda).State);
        Write(".token", $$"""{"id_token": "{{over}}", "refresh_token": ""}""");
        Assert.Equal(CredentialState.Expired, Look(_panda).State);
    }

    private void Write(string name, string text) => _scene.Folder.Write(name, text, CredentialScene.Private);

    private (CredentialState State, string? Path) Look(CredentialDefinition credential)
    {
        var verdict = _scene.Judge.Judge(credential);
        return (verdict.State, verdict.Path);
    }
}
