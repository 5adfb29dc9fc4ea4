namespace OpsAgent.OpsCtl.Doctor;

/// <summary>How something was found.</summary>
internal enum FindingState
{
    /// <summary>As it should be.</summary>
    Ok = 0,

    /// <summary>It works, and should not stay so.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Failed,
}
