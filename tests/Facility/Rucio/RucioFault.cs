using OpsAgent.Tests.Facility.Faults;

namespace OpsAgent.Tests.Facility.Rucio;

/// <summary>A way for a call of Rucio's to go wrong.</summary>
public sealed record RucioFault : ServiceFault
{
    /// <summary>Answer 200 without a token.</summary>
    public bool OmitToken { get; init; }

    /// <summary>With the status: Rucio's name for the error.</summary>
    public string? ExceptionClass { get; init; }
}
