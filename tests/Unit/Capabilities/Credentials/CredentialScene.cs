using System.Buffers.Text;
using System.Text;
using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Credentials;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Servers;

namespace OpsAgent.Tests.Unit.Capabilities.Credentials;

/// <summary>Credentials of a test's making, and the judge that looks at them by the real clock.</summary>
internal sealed class CredentialScene : IDisposable
{
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Variable = "THE_CREDENTIAL";

    private readonly Lazy<GridCredentials> _grid = new(static () => GridCredentials.Create());

    public CredentialScene() => Judge = CredentialJudge.OfThisUser(Environment, TimeProvider.System);

    public TemporaryFolder Folder { get; } = new();

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public CredentialJudge Judge { get; }

    public string Path => Folder.At("credential");

    /// <summary>A credential of that kind whose variable names <see cref="Path"/>.</summary>
    public CredentialDefinition Of(CredentialKind kind)
    {
        Environment[kind == CredentialKind.BearerToken ? "BEARER_TOKEN_FILE" : Variable] = Path;
        return new CredentialDefinition("it", kind == CredentialKind.BearerToken ? null : Variable) { Kind = kind };
    }

    /// <summary>Writes one that lasts so long, in place of what is there.</summary>
    public void Write(CredentialKind kind, TimeSpan life) => Write(kind switch
    {
        CredentialKind.X509Proxy => Proxy(life),
        CredentialKind.OidcToken => $$"""{"id_token": "{{Token(life)}}"}""",
        CredentialKind.UserPass => "reader:secret\n",
        _ => Token(life),
    });

    /// <summary>The text of a proxy that lasts so long, and began two days ago.</summary>
    public string Proxy(TimeSpan life) => File.ReadAllText(_grid.Value.WriteProxy("p", TimeSpan.FromDays(-2), life));

    public void Write(string text, UnixFileMode mode = Private)
    {
        File.WriteAllText(Path, text);
        File.SetUnixFileMode(Path, mode);
    }

    public static string Token(TimeSpan life)
    {
        var ends = (TimeProvider.System.GetUtcNow() + life).ToUnixTimeSeconds();
        return $"secret.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"exp":{{ends}}}"""))}.secret";
    }

    public void Dispose()
    {
        Folder.Dispose();
        if (_grid.IsValueCreated)
        {
            _grid.Value.Dispose();
        }
    }
}
