using System.Globalization;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// The command line of a run. A doer without limits and sandbox is started itself: each program before it costs as much as a start.
/// prlimit becomes the doer, so its pid, session and mark are the doer's; bubblewrap stays its parent, in the same session and with the same
/// mark, and ends with its exit code.
/// </summary>
internal static class DoerCommand
{
    // From SIGXCPU, which a program may catch, to SIGKILL.
    private const long CpuGraceSeconds = 5;

    /// <summary>The program to execute and its arguments.</summary>
    public static IReadOnlyList<string> Of(DoerPlan plan, DoerProgram program, string folder, string? leftFolder, SandboxCommand sandbox)
    {
        string[] doer = [program.Path, .. plan.Arguments];
        IReadOnlyList<string> inner = plan.Sandbox is { } box ? [.. sandbox.Of(box, program, folder, leftFolder), .. doer] : doer;
        return plan.Limits is { } limits && Options(limits) is { Count: > 0 } options ? [DoerLimits.Program, .. options, "--", .. inner] : inner;
    }

    private static List<string> Options(DoerLimits limits)
    {
        var options = new List<string>();
        Add("as", limits.AddressSpace, limits.AddressSpace);
        Add("nofile", limits.Files, limits.Files);
        Add("nproc", limits.Processes, limits.Processes);
        Add("fsize", limits.FileSize, limits.FileSize);
        var cpu = (long?)limits.Cpu?.TotalSeconds;
        Add("cpu", cpu, cpu + CpuGraceSeconds);
        return options;

        void Add(string name, long? soft, long? hard)
        {
            if (soft is not null)
            {
                options.Add(string.Create(CultureInfo.InvariantCulture, $"--{name}={soft}:{hard}"));
            }
        }
    }
}
