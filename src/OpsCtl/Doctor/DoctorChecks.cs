using OpsAgent.OpsCtl.Doctor.Checks;
using OpsAgent.OpsCtl.Settings;
using Declared = OpsAgent.Capabilities.Manifest;

namespace OpsAgent.OpsCtl.Doctor;

/// <summary>All checks, in the order in which their findings are shown.</summary>
internal static class DoctorChecks
{
    /// <summary>What <c>--only</c> takes.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["user", "broker", "monitor", "pcs", "rucio", "credentials", "programs", "cache", "state", "senders"];

    /// <param name="scene">What they look at.</param>
    /// <param name="sources">What they need of the command line and the configuration.</param>
    public static IReadOnlyList<IDoctorCheck> All(DoctorScene scene, DoctorSources sources) =>
    [
        new UserCheck(scene, sources.Doubts, sources.EnvironmentFile),
        new BrokerCheck(scene, sources.Broker),
        new MonitorCheck(scene, sources.Namespace),
        new MonitorLogsCheck(scene),
        new PcsCheck(scene),
        new RucioLogsCheck(scene),
        new RucioOutputsCheck(scene),
        new CredentialsCheck(scene, () => Lent(sources.Manifest()), () => sources.Manifest()?.Credentials ?? []),
        new ProgramsCheck(scene, sources.PandaSetup, sources.Manifest),
        new CacheCheck(scene),
        new StateCheck(scene, sources.State.Path),
        new SendersCheck(scene, sources.Manifest, sources.KeysFolder),
    ];

    /// <summary>The variables of the credentials that any capability is lent.</summary>
    internal static HashSet<string> Lent(Declared? manifest)
    {
        var names = (manifest?.Capabilities ?? []).SelectMany(static c => c.Definition.Credentials).SelectMany(static c => c.Variables);
        return names.ToHashSet(StringComparer.Ordinal);
    }
}

/// <summary>What checks take from the command line and the configuration; read within the check, whose failure it then is.</summary>
internal sealed record DoctorSources
{
    public required IReadOnlyList<string> Doubts { get; init; }

    public required string? EnvironmentFile { get; init; }

    public required Func<BrokerSettings> Broker { get; init; }

    public required Func<string> Namespace { get; init; }

    public required Func<Declared?> Manifest { get; init; }

    public required string PandaSetup { get; init; }

    public required Func<string?> KeysFolder { get; init; }

    public required StateFolder State { get; init; }
}
