namespace OpsAgent.Doers.Facility.Rucio;

/// <summary>Who signs in by name; neither part is ever shown.</summary>
public sealed class RucioUser(string name, string password)
{
    /// <summary>The name.</summary>
    public string Name => name;

    /// <summary>The password.</summary>
    public string Password => password;
}
