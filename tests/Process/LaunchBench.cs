using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Launching;
using OpsAgent.Agent.Launching.Cgroups;
using OpsAgent.Tests.Support;

namespace OpsAgent.Tests.Process;

/// <summary>A launcher of its own with folders of its own; every wait in it is bounded.</summary>
internal sealed class LaunchBench : IDisposable
{
    /// <summary>No run of a test takes longer, on any machine.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static int _runs;
    private readonly ServiceProvider _services;

    public LaunchBench(
        IReadOnlyDictionary<string, string>? environment = null, Action<LaunchingOptions>? configure = null, OwnCgroup? cgroup = null)
    {
        Root = Directory.CreateTempSubdirectory("opsagent-launching-").FullName;
        StateId = Guid.NewGuid().ToString("N")[..16];
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(Log).SetMinimumLevel(LogLevel.Debug))
            .AddLaunching()
            .AddSingleton(cgroup ?? new OwnCgroup(null, "this test has none"))
            .Configure<LaunchingOptions>(options =>
            {
                options.DoersFolder = AppContext.BaseDirectory;
                options.WorkRoot = Path.Combine(Root, "work");
                options.StateId = StateId;
                options.Environment = environment;
                options.LeftoverGrace = TimeSpan.FromMilliseconds(200);
                configure?.Invoke(options);
            })
            .BuildServiceProvider();
        Runner = _services.GetRequiredService<IWorkRunner>();
        Reattach = _services.GetRequiredService<IReattach>();
        Folders = _services.GetRequiredService<WorkFolders>();
        Cgroups = _services.GetRequiredService<DoerCgroups>();
    }

    public string Root { get; }

    public string StateId { get; }

    public RecordedLog Log { get; } = new();

    public IWorkRunner Runner { get; }

    public IReattach Reattach { get; }

    public WorkFolders Folders { get; }

    public DoerCgroups Cgroups { get; }

    public static DoerPlan Plan(params string[] arguments) =>
        new() { Program = "dummy-doer", Arguments = arguments, Timeout = Limit, Grace = TimeSpan.FromMilliseconds(300) };

    public static DoerPlan Shell(string script) =>
        new() { Program = "/bin/sh", Arguments = ["-c", script], Timeout = Limit, Grace = TimeSpan.FromMilliseconds(300) };

    public RunContext Context(DoerPlan plan, Action<RunningProcess>? started = null) => new()
    {
        RequestId = new RequestId($"r{Interlocked.Increment(ref _runs)}"),
        MsgType = new MsgType("test"),
        Attempt = 1,
        Plan = plan,
        Started = started,
    };

    public Task<RunResult> RunAsync(DoerPlan plan, CancellationToken cancellationToken = default) =>
        Runner.RunAsync(Context(plan), cancellationToken).WaitAsync(Limit, CancellationToken.None);

    /// <summary>A run that goes on while the test looks at it.</summary>
    public BegunRun Begin(DoerPlan plan)
    {
        RunningProcess? process = null;
        var context = Context(plan, p => process = p);
        var cancel = new CancellationTokenSource();
        var result = Runner.RunAsync(context, cancel.Token);
        return new BegunRun(context, process!, result.WaitAsync(Limit), cancel, Folders.PathOf(context.RequestId, 1));
    }

    /// <summary>Living processes of this bench.</summary>
    public List<int> Living(int session = 0) => ProcProbe.Living($"{DoerMark.Variable}={StateId}:", session);

    public void Dispose()
    {
        _services.Dispose();
        Directory.Delete(Root, recursive: true);
    }
}

/// <summary>A run that was begun.</summary>
internal sealed record BegunRun(
    RunContext Context, RunningProcess Process, Task<RunResult> Result, CancellationTokenSource Cancel, string Folder)
{
    public Task ReadyAsync() => Eventually.HoldsAsync(
        () => File.Exists(Path.Combine(Folder, "ready")) || Result.IsCompleted, "the doer is ready");
}
