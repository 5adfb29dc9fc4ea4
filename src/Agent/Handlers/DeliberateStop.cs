using Microsoft.Extensions.Hosting;

namespace OpsAgent.Agent.Handlers;

/// <summary>Remembers that the stop was asked for over the bus, which decides the exit code.</summary>
internal sealed class DeliberateStop(IHostApplicationLifetime lifetime)
{
    private volatile bool _requested;

    public bool Requested => _requested;

    public void Request()
    {
        _requested = true;
        lifetime.StopApplication();
    }
}
