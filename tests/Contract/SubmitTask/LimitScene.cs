using System.Diagnostics;
using OpsAgent.Tests.Contract.PayloadLog;
using OpsAgent.Tests.Facility.Panda;
using OpsAgent.Tests.Facility.Pcs;

namespace OpsAgent.Tests.Contract.SubmitTask;

/// <summary>A submission that goes on until a limit ends it, with services of its own: several of them wait at the same time.</summary>
public sealed class LimitScene : IAsyncDisposable
{
    private readonly SubmitSite _site = new();
    private readonly Task _run;
    private Submit? _submit;
    private DoerRun? _ended;
    private TimeSpan _elapsed;

    /// <summary>Starts it.</summary>
    public LimitScene(PcsFault? atRecord, PandaPlan? plan, string variable, string seconds) =>
        _run = RunAsync(atRecord, plan, variable, seconds);

    /// <summary>Waits for its end.</summary>
    public async Task<(Submit Submit, DoerRun Run, TimeSpan Elapsed)> EndAsync()
    {
        await _run;
        return (_submit!, _ended!, _elapsed);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAny(_run); // its failure is the test's
        _submit?.Dispose();
        await _site.DisposeAsync();
    }

    private async Task RunAsync(PcsFault? atRecord, PandaPlan? plan, string variable, string seconds)
    {
        await _site.InitializeAsync();
        _submit = new Submit(_site, plan: plan);
        _submit.Environment[variable] = seconds;
        _site.Facility.Pcs.FaultAt("record-submission", atRecord ?? new PcsFault { Times = 0 });
        var watch = Stopwatch.StartNew();
        _ended = await _submit.RunAsync();
        _elapsed = watch.Elapsed;
    }
}
