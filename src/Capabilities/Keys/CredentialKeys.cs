using System.Text.Json.Nodes;
using OpsAgent.Capabilities.Credentials;
using OpsAgent.Capabilities.Reading;

namespace OpsAgent.Capabilities.Keys;

/// <summary><c>[credential.NAME]</c>.</summary>
internal static class CredentialKeys
{
    public static readonly TextKey Variable = new(
        "env",
        "The environment variable that holds the credential's path, or with kind = \"value\" the credential itself. It is lent to a doer with it. "
        + "Needed unless the kind or path says where it is.")
    {
        Pattern = Patterns.Variable,
        Not = AgentSecrets.Variables,
    };

    public static readonly WordKey Kind = new(
        "kind",
        "What it is, and so how it is judged before a doer is started: an X.509 proxy, the panda client's token file, a file with user and password, a "
        + "token where WLCG's discovery finds it; or a value in its variable, which is lent as it is.",
        "value", "x509_proxy", "oidc_token", "userpass", "bearer_token") { Otherwise = "value" };

    public static readonly TextKey Path = new(
        "path", "Its file when the variable is not set: an absolute path, or one below the home folder, ~/... Default: with oidc_token, "
        + "$PANDA_CONFIG_ROOT/.token, else ~/.pathena/.token; otherwise none.")
    {
        Pattern = Patterns.FilePath,
    };

    public static readonly TextsKey Owners = new(
        "owners", "Users whose file it may be, by name or number. Default: the agent's own user and root.");

    public static readonly TextKey ModeMax = new(
        "mode_max", "The permissions that its file may have at most, in octal; none for others. Default: \"0600\".")
    {
        Pattern = Patterns.FileMode,
    };

    public static readonly BooleanKey Follow = new("follow", "True if its path may be a symbolic link.");

    public static readonly SpanKey MinLife = new(
        "min_life", "How long it must last still for a doer to be started with it. Default: it must not have ended.");

    public static readonly BooleanKey Optional = new("optional", "True if work goes on where there is no such file, or nothing names one.");

    public static readonly TableForm Form = new()
    {
        Keys = [Variable, Kind, Path, Owners, ModeMax, Follow, MinLife, Optional],
        Rules = OfKinds,
    };

    /// <summary>The keys that a value in a variable has no use for.</summary>
    public static readonly IReadOnlyList<Key> OfFiles = [Path, Owners, ModeMax, Follow, MinLife, Optional];

    public static CredentialKind KindOf(string? word) => word switch
    {
        "x509_proxy" => CredentialKind.X509Proxy,
        "oidc_token" => CredentialKind.OidcToken,
        "userpass" => CredentialKind.UserPass,
        "bearer_token" => CredentialKind.BearerToken,
        _ => CredentialKind.Value,
    };

    /// <summary>A value needs its variable and nothing else; a bearer token is found by itself.</summary>
    private static void OfKinds(JsonObject schema) => schema["allOf"] = new JsonArray(
        new JsonObject { ["if"] = Kinds("value"), ["then"] = Without(OfFiles) },
        new JsonObject { ["if"] = Is("bearer_token"), ["then"] = Without([Variable, Path]) },
        new JsonObject
        {
            ["if"] = new JsonObject { ["not"] = new JsonObject { ["anyOf"] = new JsonArray(Is("oidc_token"), Is("bearer_token"), Needs(Path)) } },
            ["then"] = Needs(Variable),
        });

    /// <summary>Also where it is not said.</summary>
    private static JsonObject Kinds(string kind) => new()
    {
        ["properties"] = new JsonObject { [Kind.Name] = new JsonObject { ["const"] = kind } },
    };

    private static JsonObject Is(string kind) => new()
    {
        ["properties"] = new JsonObject { [Kind.Name] = new JsonObject { ["const"] = kind } },
        ["required"] = new JsonArray(Kind.Name),
    };

    private static JsonObject Needs(Key key) => new() { ["required"] = new JsonArray(key.Name) };

    private static JsonObject Without(IReadOnlyList<Key> keys) => new()
    {
        ["properties"] = new JsonObject(keys.Select(static k => KeyValuePair.Create(k.Name, (JsonNode?)JsonValue.Create(false)))),
    };
}
