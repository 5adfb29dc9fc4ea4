using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Dispatch;

/// <summary>What a delivery's body turned out to be.</summary>
internal abstract record EnvelopeReading
{
    private EnvelopeReading()
    {
    }

    /// <summary>For another namespace: dropped without a word.</summary>
    public sealed record Foreign : EnvelopeReading
    {
        public static readonly Foreign Instance = new();
    }

    /// <summary>Not a request that can be dispatched.</summary>
    public sealed record Malformed(Refusal Refusal) : EnvelopeReading;

    /// <summary>A request of ours.</summary>
    public sealed record Request(OpsMessage Message) : EnvelopeReading;
}
