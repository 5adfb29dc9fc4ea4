using OpsAgent.Tests.Facility.Faults;

namespace OpsAgent.Tests.Facility.Pcs;

/// <summary>What the stand-in's production catalogue (PCS) knows, and how it misbehaves. Its parts may be read and changed at any time.</summary>
public sealed class PcsCatalog
{
    /// <summary>The application's path, which belongs to the facility's base URL.</summary>
    public const string Prefix = "/swf-monitor";

    private readonly Lock _gate = new();
    private readonly List<PcsTask> _tasks = [];
    private readonly FaultBook<PcsFault> _faults = new();

    /// <summary>The one token that is accepted.</summary>
    public string Token { get; set; } = "pcs-token-0123456789abcdef";

    /// <summary>Called at the start of each call with its name, for a test that changes something between two calls.</summary>
    public Action<string>? OnCall { get; set; }

    /// <summary>The tasks.</summary>
    public IReadOnlyList<PcsTask> Tasks
    {
        get
        {
            lock (_gate)
            {
                return [.. _tasks];
            }
        }
    }

    /// <summary>Adds a task that is ready to be submitted, with a command as PCS writes it; <paramref name="change"/> alters it first.</summary>
    public PcsTask AddTask(string composedName, Action<PcsTask>? change = null)
    {
        lock (_gate)
        {
            var id = _tasks.Count + 1;
            var task = new PcsTask
            {
                Id = id,
                Name = composedName,
                ComposedName = composedName,
                PandaCommand = PandaCommandText.Of($"group.EIC:{composedName.Replace('/', '.')}"),
            };
            change?.Invoke(task);
            _tasks.Add(task);
            return task;
        }
    }

    /// <summary>Adds a task made by the test itself.</summary>
    public void Add(PcsTask task)
    {
        lock (_gate)
        {
            _tasks.Add(task);
        }
    }

    /// <summary>
    /// Makes a call go wrong: <c>list</c>, <c>task</c>, <c>patch</c>, <c>command</c>, <c>record-submission</c>, or one of another
    /// set of routes.
    /// </summary>
    public void FaultAt(string call, PcsFault fault) => _faults.Arm(call, fault);

    /// <summary>By composed name, stored name, primary key, or as the only one with this prefix; else null.</summary>
    internal PcsTask? Find(string name)
    {
        lock (_gate)
        {
            var exact = _tasks.Find(t => t.ComposedName == name) ?? _tasks.Find(t => t.Name == name)
                ?? _tasks.Find(t => $"{t.Id}" == name);
            if (exact is not null)
            {
                return exact;
            }

            var begins = _tasks.FindAll(t => t.ComposedName.StartsWith(name, StringComparison.Ordinal));
            return begins.Count == 1 ? begins[0] : null;
        }
    }

    /// <summary>Runs <paramref name="change"/> with nobody else at the tasks.</summary>
    internal T Within<T>(Func<T> change)
    {
        lock (_gate)
        {
            return change();
        }
    }

    internal PcsFault? TakeFault(string call) => _faults.Take(call);
}
