using System.CommandLine;
using OpsAgent.Capabilities.Signing;
using OpsAgent.OpsCtl.CommandLine;

namespace OpsAgent.OpsCtl.Signing;

/// <summary>The options of a command that can sign what it sends.</summary>
internal sealed class SigningOptions(GlobalOptions options, Surroundings surroundings)
{
    private readonly Option<string?> _sign = new("--sign") { Description = "sign it with the key of this id", HelpName = "key" };
    private readonly Option<string?> _folder = KeysFolder.Option();

    public void AddTo(Command command)
    {
        command.Options.Add(_sign);
        command.Options.Add(_folder);
    }

    /// <summary>Null: nothing is to be signed.</summary>
    /// <exception cref="OpsCtlException">There is no such key that can be used (exit 78).</exception>
    public RequestSigner? Signer(ParseResult line)
    {
        if (line.GetValue(_sign) is not { } id)
        {
            return null;
        }

        // Whoever signs need not own the key: an agent that does not believe it says so.
        var path = KeysFolder.Of(line, _folder, options, surroundings);
        var folder = KeyFolder.Read(path, anyOwner: true);
        return folder.Find(id) is { } key
            ? new RequestSigner(key)
            : throw new OpsCtlException(
                ExitCode.Configuration,
                folder.Problem is { } problem ? $"the folder {path} {problem}"
                    : folder.Files.FirstOrDefault(f => f.Id == id)?.Problem is { } wrong ? $"the key {id} in {path} {wrong}"
                    : $"there is no key {id} in {path}",
                $"see all keys with opsctl keys list, or make one with opsctl keys new {(KeyId.IsValid(id) ? id : "ID")}");
    }
}
