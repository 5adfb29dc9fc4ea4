using System.Globalization;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// Puts together a doer's environment: a small base, what its capability names of the agent's own, and what says whose it is.
/// Nothing else, so that no doer sees a credential that it was not lent.
/// </summary>
internal sealed class DoerEnvironment
{
    /// <summary>The folder that a doer writes its <c>result.json</c> to.</summary>
    public const string ResultFolderVariable = "OPSAGENT_RESULT_DIR";

    /// <summary>For a look-up: the folder that was the result folder of the attempt that it is about.</summary>
    public const string LeftFolderVariable = "OPSAGENT_LEFT_DIR";

    /// <summary>The request that a doer works on.</summary>
    public const string RequestIdVariable = "OPSAGENT_REQUEST_ID";

    private static readonly string[] Inherited = ["HOME", "USER", "LOGNAME", "TZ", "DOTNET_ROOT"];

    // Not every name that ends so: X509_USER_PROXY is a credential.
    private static readonly HashSet<string> Proxies = new(
        ["http_proxy", "https_proxy", "ftp_proxy", "rsync_proxy", "socks_proxy", "all_proxy", "no_proxy"],
        StringComparer.OrdinalIgnoreCase);

    // What systemd tells the agent's own process: a doer that spoke to it would be taken for the agent.
    private static readonly HashSet<string> Service = new(
        ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "INVOCATION_ID", "JOURNAL_STREAM"],
        StringComparer.Ordinal);

    private readonly IReadOnlyDictionary<string, string> _agent;
    private readonly Dictionary<string, string> _base;
    private readonly string _stateId;

    public DoerEnvironment(LaunchingOptions options)
    {
        _agent = options.Environment ?? Snapshot();
        _stateId = options.StateId;
        _base = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = options.DoerPath,
            ["LANG"] = "C.UTF-8",
            ["DOTNET_EnableDiagnostics"] = "0",
        };
        foreach (var name in Inherited)
        {
            if (_agent.TryGetValue(name, out var value))
            {
                _base[name] = value;
            }
        }
    }

    /// <summary>The whole environment of one run, as <c>NAME=value</c>.</summary>
    /// <param name="plan">What is run.</param>
    /// <param name="run">For which request.</param>
    /// <param name="workFolder">The run's own folder.</param>
    /// <param name="leftFolder">For a look-up: the folder of the attempt that it is about.</param>
    public IReadOnlyList<string> Of(DoerPlan plan, RunContext run, string workFolder, string? leftFolder = null)
    {
        var all = new Dictionary<string, string>(_base, StringComparer.Ordinal) { ["TMPDIR"] = workFolder };
        foreach (var pattern in plan.Environment)
        {
            Lend(pattern, all);
        }

        foreach (var name in plan.Credentials)
        {
            LendExactly(name, all);
        }

        foreach (var (name, path) in plan.CredentialPaths)
        {
            LendPath(name, path, all);
        }

        if (plan.Limits?.Heap is { } heap)
        {
            // Hexadecimal, as the runtime reads it.
            all["DOTNET_GCHeapHardLimit"] = heap.ToString("x", CultureInfo.InvariantCulture);
        }

        all[DoerMark.Variable] = DoerMark.Value(_stateId, run);
        all[ResultFolderVariable] = workFolder;
        all[RequestIdVariable] = run.RequestId.Value;
        all.Remove(LeftFolderVariable);
        if (leftFolder is not null)
        {
            all[LeftFolderVariable] = leftFolder;
        }

        var list = new List<string>(all.Count);
        foreach (var (name, value) in all)
        {
            list.Add($"{name}={value}");
        }

        return list;
    }

    private static Dictionary<string, string> Snapshot()
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            all[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        return all;
    }

    private void Lend(string pattern, Dictionary<string, string> all)
    {
        if (!pattern.EndsWith('*'))
        {
            LendExactly(pattern, all);
            return;
        }

        var prefix = pattern[..^1];
        foreach (var name in _agent.Keys)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                LendExactly(name, all);
            }
        }
    }

    /// <summary>A credential that no variable names, where the manifest says it is: the doer takes the one that was judged.</summary>
    private void LendPath(string name, string path, Dictionary<string, string> all)
    {
        if (string.IsNullOrEmpty(all.GetValueOrDefault(name)))
        {
            all[name] = path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(_base.GetValueOrDefault("HOME", "/"), path[2..]) : path;
        }
    }

    private void LendExactly(string name, Dictionary<string, string> all)
    {
        if (!Proxies.Contains(name) && !Service.Contains(name) && _agent.TryGetValue(name, out var value))
        {
            all[name] = value;
        }
    }
}
