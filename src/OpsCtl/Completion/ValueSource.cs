using System.CommandLine;
using System.CommandLine.Completions;
using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Signing;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Settings;
using OpsAgent.OpsCtl.Signing;

namespace OpsAgent.OpsCtl.Completion;

/// <summary>
/// Words for a value, chosen by what the help calls it: a file, a msg_type, a request_id. The configuration and the state folder
/// are those that the line itself names, else the usual ones.
/// </summary>
internal sealed class ValueSource(RootCommand root, GlobalOptions options, Surroundings surroundings)
{
    /// <summary>What the help calls a request's field.</summary>
    public const string Field = "key=value";

    public async Task<Answer> OfAsync(Symbol symbol, ParseResult line, CancellationToken cancellationToken)
    {
        var called = symbol is Option option ? option.HelpName : ((Argument)symbol).HelpName ?? symbol.Name;
        return called switch
        {
            "file" => new Answer(AnswerKind.Files, []),
            "folder" => new Answer(AnswerKind.Folders, []),
            "command" => Answer.Words(Commands((Argument)symbol, line)),
            "msg_type" => Answer.Words(Capabilities(line)
                .Where(static c => SafeWord.Is(c.Name))
                .Select(static c => new Suggestion(c.Name, SafeWord.Describe(c.Description)))),
            Field => Answer.Words(Fields(line)),
            "key" => Answer.Words(Keys(line)),
            "request_id" => Answer.Words(await RequestsAsync(line, cancellationToken)),
            _ when called?.Split('|') is { Length: > 1 } choices => Answer.Words(choices.Select(static c => new Suggestion(c, ""))),
            _ => Answer.Words(symbol.GetCompletions(CompletionContext.Empty).Select(static i => new Suggestion(i.Label, ""))),
        };
    }

    private IReadOnlyList<CapabilitySummary> Capabilities(ParseResult line) =>
        ManifestReader.Read(AgentFile.Path(line, options, surroundings), surroundings.Environment).Manifest is { } manifest
            ? [.. manifest.Capabilities.Select(static c => c.Summary)]
            : [];

    private IEnumerable<Suggestion> Keys(ParseResult line)
    {
        var given = line.CommandResult.Command.Options.OfType<Option<string?>>().FirstOrDefault(static o => o.Name == "--keys-dir");
        var folder = KeysFolder.Find(line, given, options, surroundings) is { } path ? KeyFolder.Read(path, anyOwner: true).Files : [];
        return folder.Where(static f => f.Key is not null).Select(static f => new Suggestion(f.Id, ""));
    }

    /// <summary>Fields of the type that the line names, but for those that it has already.</summary>
    private IEnumerable<Suggestion> Fields(ParseResult line)
    {
        var written = line.CommandResult.Command.Arguments
            .SelectMany(a => line.GetResult(a)?.Tokens ?? []).Select(static t => t.Value).ToList();
        var names = written.Select(static w => w.Split('=')[0].TrimEnd(':')).ToHashSet(StringComparer.Ordinal);
        var type = Capabilities(line).FirstOrDefault(c => c.Name == written.FirstOrDefault());
        return type?.Fields
            .Where(f => SafeWord.Is(f.Name) && !names.Contains(f.Name))
            .Select(static f => new Suggestion($"{f.Name}=", SafeWord.Describe(f.Required ? $"{f.Type}, required" : f.Type))) ?? [];
    }

    private async Task<IEnumerable<Suggestion>> RequestsAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var folder = StateFolder.Of(line, options, surroundings);
        var newest = await NewestRequests.OfAsync(folder, line.CommandResult.Command.Name, surroundings.Time, cancellationToken);
        var now = surroundings.Time.GetUtcNow();
        return newest.Where(static r => SafeWord.Is(r.RequestId)).Select(r => new Suggestion(
            r.RequestId, SafeWord.Describe($"{r.MsgType}, {r.Outcome ?? r.State}, {Ages.Of(now - r.ReceivedAt)} ago")));
    }

    private IEnumerable<Suggestion> Commands(Argument argument, ParseResult line)
    {
        Command? command = root;
        foreach (var word in line.GetResult(argument)?.Tokens ?? [])
        {
            command = command?.Subcommands.FirstOrDefault(c => c.Name == word.Value);
        }

        return command?.Subcommands.Where(static c => !c.Hidden)
            .Select(static c => new Suggestion(c.Name, SafeWord.Describe(c.Description))) ?? [];
    }
}
