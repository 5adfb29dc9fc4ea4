using OpsAgent.Capabilities;

namespace OpsAgent.Agent.Hosting;

/// <summary>Files with secrets of the agent's own that everybody on the host may read or write.</summary>
internal static class OpenSecretFiles
{
    /// <summary>The environment file and the broker's key, each if it is so; one that can't be looked at is told of by whoever reads it.</summary>
    public static IEnumerable<string> Of(Startup startup) =>
        new[] { startup.Line.EnvironmentFile, startup.Settings[AgentSettings.KeyFile] }
            .Where(static f => f is { Length: > 0 } && SecretFile.IsOpenToAll(f))
            .Select(static f => f!);
}
