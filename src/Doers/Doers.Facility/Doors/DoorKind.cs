namespace OpsAgent.Doers.Facility.Doors;

/// <summary>How a door is read; the order is the order of preference.</summary>
public enum DoorKind
{
    /// <summary><c>root</c> and <c>roots</c>, by xrdcp.</summary>
    XRootD,

    /// <summary><c>https</c> and <c>davs</c>, by this program with the proxy as client certificate.</summary>
    Https,
}
