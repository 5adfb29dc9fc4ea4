using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Credentials;

namespace OpsAgent.OpsCtl.Doctor;

/// <summary>What all checks look at and with.</summary>
internal sealed record DoctorScene
{
    /// <summary>With the variables that count: the process's own below those of the environment file.</summary>
    public required Surroundings Surroundings { get; init; }

    /// <summary>The user whose rights count; null if it is root's process, whose rights say nothing about the service's.</summary>
    public required uint? User { get; init; }

    /// <summary>One call of a service.</summary>
    public TimeSpan CallLimit { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Makes the client that speaks to services; tests put theirs here.</summary>
    public Func<DoerEnvironment, HttpClient> Http { get; init; } = static e => ServiceHttp.Create(TrustAnchors.OfServices(e));

    /// <summary>The same variables as doers read theirs.</summary>
    public DoerEnvironment Environment => new(name => Surroundings.Environment.GetValueOrDefault(name));

    public TimeProvider Time => Surroundings.Time;
}
