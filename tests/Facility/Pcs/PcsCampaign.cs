namespace OpsAgent.Tests.Facility.Pcs;

/// <summary>A campaign as a test declares it.</summary>
/// <param name="Name">26.02</param>
/// <param name="Lifecycle">current, last or past.</param>
/// <param name="IsTarget">True if it is listed as current or producing.</param>
public sealed record PcsCampaign(string Name, string Lifecycle, bool IsTarget)
{
    /// <summary>Its catalogue: a task's composed name, and the edition it is made with.</summary>
    public List<(string Sample, string DetectorVersion)> Samples { get; } = [];
}
