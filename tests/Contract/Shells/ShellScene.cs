using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.Contract.Shells;

/// <summary>A home with a configuration, a state folder with a door, files to complete, and opsctl's own scripts.</summary>
public sealed class ShellScene : IAsyncDisposable
{
    /// <summary>Ids of which only the first two are words; should any reach a shell as code, it leaves a file behind.</summary>
    private static readonly string[] Ids =
    [
        "nightly:2026", "0198c1f2a3b4", "$(touch owned)", "`touch owned`", "a;touch owned", "a\ntouch owned", "a b", "-rf", "~root", "{x,y}", "*",
        "\u001b]0;owned\u0007",
    ];

    private readonly TemporaryFolder _folder = new();

    private ShellScene(StandInDoor door) => Door = door;

    /// <summary>The home folder, in which the shells start.</summary>
    public string Home => _folder.Path;

    /// <summary>Tells of <see cref="Ids"/>, all of a type that is hostile too.</summary>
    public StandInDoor Door { get; private set; }

    /// <summary>What a shell is started with.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["HOME"] = Home,
        ["PATH"] = $"{Path.GetDirectoryName(Deployment.OpsCtl)}:/usr/bin:/bin",
        ["OPSAGENT_CONFIG"] = _folder.At("agent.toml"),
        ["OPSAGENT_STATE_DIR"] = _folder.At("state"),
        ["LANG"] = "C.UTF-8",
        ["TERM"] = "xterm",
        ["SHELL"] = "/bin/sh",
        ["INPUTRC"] = "/dev/null",
        ["ZDOTDIR"] = Home,
    };

    /// <summary>Makes it.</summary>
    public static async Task<ShellScene> SetAsync()
    {
        var scene = new ShellScene(null!);
        scene._folder.Write("agent.toml", """
            [lane.fetch]
            slots = 2

            [capability.refresh]
            description = "refresh $(touch owned) \u001b]0;owned\u0007"
            doer = ["refresh", "--name={name}"]
            timeout = "90s"
            lane = "fetch"
            recovery = "rerun"

            [capability.refresh.fields]
            name = { type = "text", max = 20, required = true }
            force = { type = "flag" }
            """);
        scene._folder.Write("files/a b $(touch owned).toml", "");
        scene._folder.Write("files/sub/x.toml", "");
        scene._folder.Write("files/c.toml", "");
        Directory.CreateDirectory(scene._folder.At("state"));
        scene.Door = new StandInDoor(scene._folder.At("state"))
        {
            Requests = [.. Ids.Select(id => (id, "\u001b]0;owned\u0007$(touch owned)", id == "nightly:2026" ? "running" : "settled"))],
        };
        foreach (var shell in (string[])["bash", "zsh", "fish"])
        {
            await using var print = ChildProcess.Start(Deployment.OpsCtl, ["completion", shell], scene.Environment);
            if (await print.ExitAsync() != 0)
            {
                throw new InvalidOperationException(print.Output);
            }

            // zsh finds it by its name in a folder of functions; the others are told where it is.
            scene._folder.Write(shell == "zsh" ? "functions/_opsctl" : $"opsctl.{shell}", print.Output);
        }

        return scene;
    }

    /// <summary>Writes a file of a shell's own.</summary>
    public string Write(string name, string text) => _folder.Write(name, text);

    /// <summary>Files that only code from outside could have made.</summary>
    public IEnumerable<string> Owned() => Directory.EnumerateFiles(Home, "owned", SearchOption.AllDirectories);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Door.DisposeAsync();
        _folder.Dispose();
    }
}
