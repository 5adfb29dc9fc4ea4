using System.Reflection;

namespace OpsAgent.Agent.Hosting;

/// <summary>The program's version, as pong and <c>--version</c> give it.</summary>
internal static class AgentVersion
{
    public static readonly string Text =
        typeof(AgentVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
