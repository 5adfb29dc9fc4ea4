namespace OpsAgent.Tests.Demo;

/// <summary>Everything that the demo makes lies here, beside the published tree that it runs.</summary>
internal sealed class DemoFolder
{
    // A Unix socket's address has 107 octets, and the agent's local door is one.
    private const int LongestSocketPath = 107;

    public DemoFolder(string path)
    {
        Path = path;
        if (At("state", "control.sock").Length > LongestSocketPath)
        {
            throw new UnavailableException($"{path} is too long a path for the socket in it; set TMPDIR to a shorter one");
        }

        if (!File.Exists(At("tree", "bin", "opsagent")))
        {
            throw new UnavailableException($"there is no published tree in {path}: ./build.sh demo makes one, and runs the demo");
        }

        foreach (var folder in (string[])[Cache, Logs, Credentials, Home])
        {
            Directory.CreateDirectory(folder);
        }
    }

    public string Path { get; }

    /// <summary>The published tree.</summary>
    public string Tree => At("tree");

    public string State => At("state");

    /// <summary><c>SWF_TMP_DIR</c>.</summary>
    public string Cache => At("cache");

    public string Logs => At("log");

    public string Credentials => At("credentials");

    /// <summary>The agent's home, with the panda client in it.</summary>
    public string Home => At("home");

    public string AgentLog => System.IO.Path.Combine(Logs, "agent.log");

    public string OpsCtl => At("tree", "bin", "opsctl");

    /// <summary>Removes it, with the files of this very program: they are loaded already.</summary>
    public void Remove() => Directory.Delete(Path, recursive: true);

    /// <summary>Removes what tells nothing of what happened; keys first.</summary>
    public void KeepEvidence()
    {
        foreach (var folder in (string[])[Credentials, Tree, Home])
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);
}
