using System.ComponentModel;
using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.Demo;

/// <summary>
/// A real file system that runs full, without root: a program is started in a user and mount namespace of its own, with a small tmpfs
/// on one folder. Nobody else sees that mount, and it goes with the program.
/// </summary>
internal static class SmallDisk
{
    public const int Kilobytes = 64;

    private const string Tool = "unshare";

    /// <summary>The command line that runs <paramref name="program"/> with a small disk at <paramref name="folder"/>; its pid is the program's.</summary>
    public static (string Program, string[] Arguments) Command(string folder, string program, params string[] arguments) =>
        (Tool, ["-Urm", "sh", "-c", $"mount -t tmpfs -o size={Kilobytes}k opsagent-demo \"$0\" && exec \"$@\"", folder, program, .. arguments]);

    /// <summary>Tries it.</summary>
    /// <exception cref="UnavailableException">This machine does not let it.</exception>
    public static async Task CheckAsync(string folder, CancellationToken stop)
    {
        var (program, arguments) = Command(folder, "true");
        string why;
        try
        {
            await using var trial = ChildProcess.Start(program, arguments, new Dictionary<string, string>());
            if (await trial.ExitAsync().WaitAsync(stop) == 0)
            {
                return;
            }

            why = trial.Output.Trim();
        }
        catch (Win32Exception e)
        {
            why = e.Message;
        }

        throw new UnavailableException(
            $"--break disk needs a small file system to fill, and without root that takes user namespaces, which this machine "
            + $"does not give ({Tool} -Urm: {why.ReplaceLineEndings("; ")}); --break rucio and --break door work here");
    }

    /// <summary>Where such a program's folder can be seen from outside.</summary>
    public static string SeenFromOutside(int pid, string folder) => $"/proc/{pid}/root{folder}";
}
