namespace OpsAgent.Tests.Unit.Agent.Hosting;

/// <summary>A configuration file in a temporary folder.</summary>
internal sealed class ConfigurationFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("config-").FullName;

    public ConfigurationFile(string text)
    {
        Path = System.IO.Path.Combine(_folder, "prodops.toml");
        File.WriteAllText(Path, text);
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
