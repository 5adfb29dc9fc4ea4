using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Launching.Cgroups;

/// <summary>
/// A cgroup a run, beneath the agent's own, named like the mark of the run; so that another agent on the same state finds it again. Where
/// the agent's was not delegated there are none, and the scan of /proc ends what is to end alone.
/// </summary>
internal sealed partial class DoerCgroups : IDisposable
{
    private readonly OwnCgroup _own;
    private readonly string _stateId;
    private readonly string _prefix;
    private readonly ILogger<DoerCgroups> _logger;
    private readonly CgroupIntake _intake = new();
    private readonly IntakeThread _thread = new();
    private readonly ConcurrentQueue<DoerCgroup> _left = new();
    private int _toldOfFailure;

    public DoerCgroups(OwnCgroup own, IOptions<LaunchingOptions> options, ILogger<DoerCgroups> logger)
    {
        _own = own;
        _stateId = options.Value.StateId;
        _prefix = $"doer-{_stateId}:";
        _logger = logger;
        if (own.Folder is null)
        {
            LogScan(own.Why);
        }
        else
        {
            LogCgroup(own.Folder);
        }
    }

    /// <summary>
    /// Starts a doer, in a cgroup of its own unless none is used, or it can't be made; that is said once, and the scan does it alone.
    /// </summary>
    public SpawnAnswer Start(RunContext run, SpawnOrder order, out DoerCgroup? cgroup)
    {
        cgroup = null;
        if (_own.Folder is null)
        {
            return Spawner.Start(order);
        }

        cgroup = TryCreate(run);
        if (cgroup is null)
        {
            _intake.LeaveOutside();
            return Spawner.Start(order);
        }

        var turn = _intake.Begin();
        var answer = Spawner.Start(order);
        if (answer.Error != 0)
        {
            _intake.End();
            Remove(cgroup);
            cgroup = null;
            return answer;
        }

        var filled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var made = cgroup = new DoerCgroup(cgroup.Folder) { Filled = filled.Task };
        if (!_thread.TryOrder(() => TakeIn(turn, made, run, answer.Pid, filled)))
        {
            _intake.End();
            filled.SetResult();
        }

        return answer;
    }

    private DoerCgroup? TryCreate(RunContext run)
    {
        while (_left.TryDequeue(out var left))
        {
            if (!left.TryRemove())
            {
                _left.Enqueue(left);
                break;
            }
        }

        var cgroup = At(run);
        try
        {
            // What a state that was set back has left, or the look-up before this one. With somebody in it it is none of ours.
            if (Directory.Exists(cgroup.Folder) && !cgroup.TryRemove())
            {
                TellOnce("an older one of its name can't be removed");
                return null;
            }

            Directory.CreateDirectory(cgroup.Folder);
            return cgroup;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TellOnce(e.Message);
            return null;
        }
    }

    private void TakeIn(CgroupIntake.Turn turn, DoerCgroup cgroup, RunContext run, int leader, TaskCompletionSource filled)
    {
        try
        {
            if (_intake.TakeIn(turn, cgroup, DoerMark.Of(_stateId, run), leader) is not 0 and var error)
            {
                _intake.LeaveOutside();
                TellOnce(SpawnFailure.Text(error));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _intake.LeaveOutside();
            TellOnce(e.Message);
        }
        finally
        {
            _intake.End();
            filled.SetResult();
        }
    }

    /// <summary>The cgroup of a run that another agent began; none if there is none.</summary>
    /// <param name="run">The run.</param>
    /// <param name="pid">Its doer if that lives: another agent may have had its cgroup elsewhere. Else 0.</param>
    public IReadOnlyList<DoerCgroup> OfRun(RunContext run, int pid = 0)
    {
        var name = NameOf(run);
        if (pid > 0 && CgroupPlace.OfProcess(pid) is { } place && $"{place}/".IndexOf($"/{name}/", StringComparison.Ordinal) is >= 0 and var at)
        {
            return [new DoerCgroup(place[..(at + 1 + name.Length)])];
        }

        return _own.Folder is not null && Directory.Exists(At(run).Folder) ? [At(run)] : [];
    }

    /// <summary>Those of all attempts at a request, not of its look-ups.</summary>
    public IReadOnlyList<DoerCgroup> OfRequest(RequestId request) =>
        [.. All().Where(c => c.Request == request.Value && c.Run.All(char.IsAsciiDigit)).Select(static c => c.Cgroup)];

    /// <summary>Those of all runs of this state.</summary>
    public IReadOnlyList<DoerCgroup> OfState() => [.. All().Select(static c => c.Cgroup)];

    /// <summary>Removes cgroups of runs that are over. While somebody lives in one it stays, and is tried again.</summary>
    public void Remove(params IEnumerable<DoerCgroup> cgroups)
    {
        foreach (var cgroup in cgroups)
        {
            if (!cgroup.TryRemove())
            {
                _left.Enqueue(cgroup);
            }
        }
    }

    /// <summary>At start: removes what is empty, and kills what still lives of requests that are over.</summary>
    public void EndAllBut(Func<RequestId, bool> keep)
    {
        foreach (var (cgroup, request, _) in All())
        {
            if (!cgroup.TryRemove() && !keep(new RequestId(request)))
            {
                LogKilled(request);
                _ = cgroup.Kill();
                Remove(cgroup);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _thread.Dispose();

    private List<(DoerCgroup Cgroup, string Request, string Run)> All()
    {
        var all = new List<(DoerCgroup, string, string)>();
        try
        {
            foreach (var folder in _own.Folder is { } own ? Directory.EnumerateDirectories(own, $"{_prefix}*") : [])
            {
                var name = Path.GetFileName(folder)[_prefix.Length..];
                if (name.LastIndexOf(':') is > 0 and var colon)
                {
                    all.Add((new DoerCgroup(folder), name[..colon], name[(colon + 1)..]));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TellOnce(e.Message);
        }

        return all;
    }

    private DoerCgroup At(RunContext run) => new($"{_own.Folder}/{NameOf(run)}");

    private string NameOf(RunContext run) => $"doer-{DoerMark.Value(_stateId, run)}";

    private void TellOnce(string error)
    {
        if (Interlocked.Exchange(ref _toldOfFailure, 1) == 0)
        {
            LogFailed(error);
        }
    }
}
