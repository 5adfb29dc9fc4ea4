namespace OpsAgent.OpsCtl.Doctor;

/// <summary>Looks at one part of what an agent needs. It changes nothing, and tells no secret.</summary>
internal interface IDoctorCheck
{
    /// <summary>What <c>--only</c> calls it.</summary>
    string Name { get; }

    /// <summary>Adds what it finds. What it throws is taken for a failure and told.</summary>
    Task RunAsync(Findings findings, CancellationToken stop);
}
