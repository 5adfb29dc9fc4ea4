namespace OpsAgent.Tests.Support.Agents;

/// <summary>A published agent with a state and a cache folder of its own, which outlive its process.</summary>
public sealed class AgentUnderTest : IAsyncDisposable
{
    private readonly Dictionary<string, string> _environment;
    private readonly string[] _arguments;
    private ChildProcess? _process;

    /// <param name="folder">Holds <c>state</c> and <c>tmp</c>; made if they are missing.</param>
    /// <param name="environment">The facility's names; state and cache folder are added.</param>
    /// <param name="arguments">The agent's command line.</param>
    public AgentUnderTest(TemporaryFolder folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        StateFolder = folder.At("state");
        CacheFolder = folder.At("tmp");
        Directory.CreateDirectory(CacheFolder);
        _arguments = arguments;
        _environment = new Dictionary<string, string>(environment)
        {
            ["OPSAGENT_STATE_DIR"] = StateFolder,
            ["SWF_TMP_DIR"] = CacheFolder,
        };
    }

    /// <summary>Its ledger, lock and control socket.</summary>
    public string StateFolder { get; }

    /// <summary>The cache that doers write.</summary>
    public string CacheFolder { get; }

    /// <summary>What becomes the agent: a program and its arguments, such as <see cref="Unprivileged"/>; none: nothing does.</summary>
    public IReadOnlyList<string> Behind { get; set; } = [];

    /// <summary>Becomes the program after it, as a user without rights.</summary>
    public static IReadOnlyList<string> Unprivileged { get; } = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

    /// <summary>The process that runs now.</summary>
    public ChildProcess Process => _process ?? throw new InvalidOperationException("the agent was not started");

    /// <summary>What the agent's tools need to find it and its broker.</summary>
    public IReadOnlyDictionary<string, string> Environment => _environment;

    /// <summary>Starts it; returns when it consumes its queue.</summary>
    public async Task StartAsync()
    {
        Launch();
        await Process.WritesAsync("consuming ");
    }

    /// <summary>Starts it without waiting for anything.</summary>
    /// <param name="also">Variables of this start alone.</param>
    public void Launch(params (string Name, string Value)[] also)
    {
        var environment = new Dictionary<string, string>(_environment);
        foreach (var (name, value) in also)
        {
            environment[name] = value;
        }

        string[] command = [.. Behind, Deployment.Agent, .. _arguments];
        _process = ChildProcess.Start(command[0], command[1..], environment);
    }

    /// <summary>A file of the cache folder.</summary>
    public string At(string name) => Path.Combine(CacheFolder, name);

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <summary>SIGTERM; its exit code.</summary>
    public Task<int> StopAsync()
    {
        Process.Signal(PosixSignalNumber.Terminate);
        return Process.ExitAsync();
    }

    /// <summary>Runs opsctl against it.</summary>
    public async Task<ProgramRun> OpsCtlAsync(params string[] arguments)
    {
        await using var opsctl = ChildProcess.Start(Deployment.OpsCtl, arguments, _environment);
        var code = await opsctl.ExitAsync();
        return new ProgramRun(code, opsctl.Output);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }
}

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote, both streams.</param>
public sealed record ProgramRun(int ExitCode, string Output);
