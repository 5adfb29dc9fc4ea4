using OpsAgent.Tests.Facility.Pcs;

namespace OpsAgent.Tests.Contract.SubmitTask;

/// <summary>A fault of PCS that ends with the test.</summary>
public sealed class ArmedFault : IDisposable
{
    private readonly SubmitSite _site;
    private readonly string _call;

    public ArmedFault(SubmitSite site, string call, PcsFault fault)
    {
        (_site, _call) = (site, call);
        site.Facility.Pcs.FaultAt(call, fault);
    }

    public void Dispose() => _site.Facility.Pcs.FaultAt(_call, new PcsFault { Times = 0 });
}
