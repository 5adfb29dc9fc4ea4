namespace OpsAgent.Tests.Contract.SubmitTask;

/// <summary>Lets a test act at the moment of a call of PCS, for as long as it lives.</summary>
public sealed class OnCalls : IDisposable
{
    private readonly SubmitSite _site;

    public OnCalls(SubmitSite site, Action<string> act)
    {
        _site = site;
        site.Facility.Pcs.OnCall = act;
    }

    public void Dispose() => _site.Facility.Pcs.OnCall = null;
}
