using System.Text.Json;

namespace OpsAgent.Tests.Facility.Panda;

/// <summary>
/// A panda client in a folder: <c>setup.sh</c>, <c>bin/prun</c>, the <c>pandaclient</c> package with its book-keeping, a token. It
/// does what its plan says, and writes down what it was asked.
/// </summary>
public sealed class PandaInstallation
{
    private const UnixFileMode RunByAll = (UnixFileMode)0b111_101_101;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private readonly string _folder;

    /// <summary>Makes one; the caller removes the folder.</summary>
    public PandaInstallation(string folder)
    {
        _folder = folder;
        var bin = Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName;
        var package = Directory.CreateDirectory(Path.Combine(folder, "python", "pandaclient")).FullName;
        var prun = Path.Combine(bin, "prun");
        File.Copy(Source("prun.py"), prun);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(prun, RunByAll);
        }

        File.WriteAllText(Path.Combine(package, "__init__.py"), "");
        File.Copy(Source("PBookCore.py"), Path.Combine(package, "PBookCore.py"));
        File.WriteAllText(TokenPath, "{\"id_token\": \"as it was\"}\n");
        File.WriteAllText(SetupPath, SetupText);
        Follow(new PandaPlan());
    }

    /// <summary>Does this from now on.</summary>
    public void Follow(PandaPlan plan)
    {
        var beside = Path.Combine(_folder, "plan.json.new");
        File.WriteAllText(beside, JsonSerializer.Serialize(plan, Json));
        File.Move(beside, Path.Combine(_folder, "plan.json"), overwrite: true);
    }

    /// <summary>Lets a run that holds its id go on.</summary>
    public void LetGo() => File.WriteAllText(Path.Combine(_folder, "go"), "");

    /// <summary>Makes it the client of the user with that home.</summary>
    public void SetUpIn(string home)
    {
        var run = Directory.CreateDirectory(Path.Combine(home, "pclient", "run")).FullName;
        File.WriteAllText(Path.Combine(run, "setup.sh"), $". '{SetupPath}'\n");
    }

    /// <summary>Its folder, to which a run writes.</summary>
    public string Folder => _folder;

    /// <summary>The script to source.</summary>
    public string SetupPath => Path.Combine(_folder, "setup.sh");

    /// <summary>A setup as the facility's.</summary>
    public string SetupText => $"""
        # sourced, never run
        export PANDA_STANDIN='{_folder}'
        export PANDA_CONFIG_ROOT='{_folder}'
        export PATH="$PANDA_STANDIN/bin:$PATH"
        export PYTHONPATH="$PANDA_STANDIN/python"
        echo "panda client set up"

        """;

    /// <summary>The cached token.</summary>
    public string TokenPath => Path.Combine(_folder, "token");

    /// <summary>The runs of prun so far.</summary>
    public IReadOnlyList<PrunRecord> Runs => [.. Lines("runs.jsonl").Select(l => JsonSerializer.Deserialize<PrunRecord>(l, Json)!)];

    /// <summary>How many tasks PanDA has taken.</summary>
    public int Taken => Lines("book.jsonl").Count;

    /// <summary>The look-ups so far, each as its JSON.</summary>
    public IReadOnlyList<string> LookUps => Lines("lookups.jsonl");

    private static string Source(string name) => Path.Combine(AppContext.BaseDirectory, "Panda", name);

    private IReadOnlyList<string> Lines(string name)
    {
        var path = Path.Combine(_folder, name);
        return File.Exists(path) ? [.. File.ReadAllLines(path).Where(l => l.EndsWith('}'))] : [];
    }
}
