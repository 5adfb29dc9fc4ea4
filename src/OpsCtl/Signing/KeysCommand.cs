using System.CommandLine;
using OpsAgent.Capabilities.Signing;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Signing;

/// <summary>opsctl keys new and list.</summary>
internal static class KeysCommand
{
    public static Command Build(GlobalOptions options, Surroundings surroundings) =>
        new OpsCommand(
            "keys",
            "Make and list the keys that requests are signed with. No key is ever shown.",
            "opsctl keys new web-2026",
            "opsctl keys list --keys-dir /etc/opsagent/keys")
        {
            New(options, surroundings), List(options, surroundings),
        };

    private static OpsCommand New(GlobalOptions options, Surroundings surroundings)
    {
        var id = new Argument<string>("id") { Description = $"the new key's id: {KeyId.Form}" };
        var folder = KeysFolder.Option();
        var command = new OpsCommand(
            "new",
            "Make a key of 32 random bytes and write it into ID.key, mode 0600. A key that is there is never replaced.",
            "opsctl keys new web-2026",
            "opsctl keys new cron-a --keys-dir /etc/opsagent/keys")
        {
            id, folder,
        };
        command.SetAction(line =>
        {
            var name = line.GetRequiredValue(id);
            var path = KeyMaking.Make(KeysFolder.Of(line, folder, options, surroundings), name);
            KeysScreen.Made(new Screen(surroundings, line.GetValue(options.Output)), name, path);
            return ExitCode.Ok;
        });
        return command;
    }

    private static OpsCommand List(GlobalOptions options, Surroundings surroundings)
    {
        var folder = KeysFolder.Option();
        var command = new OpsCommand(
            "list",
            "List the keys: id, age, and what keeps the agent from believing one. Run it as the agent's user. Exit 1: something is wrong with one.",
            "opsctl keys list",
            "opsctl keys list --keys-dir /etc/opsagent/keys -o json")
        {
            folder,
        };
        command.SetAction(line =>
        {
            var path = KeysFolder.Of(line, folder, options, surroundings);
            var keys = KeyFolder.Read(path);
            if (keys.Problem is { } problem)
            {
                throw new OpsCtlException(ExitCode.Negative, $"the folder {path} {problem}", "correct that, or name another with --keys-dir");
            }

            KeysScreen.List(new Screen(surroundings, line.GetValue(options.Output)), path, keys, surroundings.Time.GetUtcNow());
            return keys.Files.All(static f => f.Problem is null) ? ExitCode.Ok : ExitCode.Negative;
        });
        return command;
    }
}
