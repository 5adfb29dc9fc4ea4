using OpsAgent.Capabilities;

namespace OpsAgent.Agent.Hosting;

/// <summary>The manifest that is in force: that of the start, until a reload.</summary>
internal sealed class ManifestInForce(Manifest atStart)
{
    private volatile Manifest _manifest = atStart;

    public Manifest Manifest
    {
        get => _manifest;
        set => _manifest = value;
    }
}
