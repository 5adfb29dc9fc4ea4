using OpsAgent.Abstractions;
using OpsAgent.Capabilities;

namespace OpsAgent.Agent.Launching;

/// <summary>Whether this host has what capabilities ask for: a limit or a sandbox that is silently left out is none.</summary>
internal static class ConfinementCheck
{
    /// <summary>What is missing, for each capability that needs it.</summary>
    /// <param name="manifest">The capabilities.</param>
    /// <param name="file">Where they were read from.</param>
    /// <param name="isProgram">Whether a path is a program; null: asks the host.</param>
    public static IEnumerable<string> Errors(Manifest manifest, string file, Func<string, bool>? isProgram = null)
    {
        isProgram ??= IsProgram;
        foreach (var definition in manifest.Capabilities.Select(static c => c.Definition))
        {
            if (definition.Sandbox is not null && !isProgram(DoerSandbox.Program))
            {
                yield return $"{file}: capability.{definition.MsgType}.sandbox: this host has no {DoerSandbox.Program}: install bubblewrap";
            }

            if (definition.Limits is not null && !isProgram(DoerLimits.Program))
            {
                yield return $"{file}: capability.{definition.MsgType}.limits: this host has no {DoerLimits.Program}: install util-linux";
            }
        }
    }

    private static bool IsProgram(string path) =>
        FileIdentity.TryRead(path, out var identity) == 0 && identity is { IsRegular: true, IsExecutable: true };
}
