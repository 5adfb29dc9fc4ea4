namespace OpsAgent.Tests.Support.Agents;

/// <summary>A folder of a test's own, removed with all that is in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Its path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("opsagent-test-").FullName;

    /// <summary>A path beneath it.</summary>
    public string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Writes a file beneath it, making folders as needed; returns its path.</summary>
    public string Write(string name, string text, UnixFileMode? mode = null)
    {
        var path = At(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (mode is { } bits)
        {
            File.SetUnixFileMode(path, bits);
        }

        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
