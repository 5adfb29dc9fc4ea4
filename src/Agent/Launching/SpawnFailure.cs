using System.Runtime.InteropServices;
using System.Text;

namespace OpsAgent.Agent.Launching;

/// <summary>Says in one line why a process could not be started.</summary>
internal static class SpawnFailure
{
    // MAX_ARG_STRLEN of the kernel: 32 pages.
    private const int LongestArgument = 131_071;

    /// <summary>The reason for an errno of posix_spawn.</summary>
    public static string Reason(int error, SpawnOrder order) => "not started: " + error switch
    {
        // The same errno for three things; what is there tells which.
        Errno.NoEntry or Errno.NotAFolder when !Directory.Exists(order.Folder) => $"the folder {order.Folder} does not exist",
        Errno.NoEntry when File.Exists(order.Program) => $"{order.Program}: its interpreter does not exist",
        Errno.NoEntry => $"{order.Program} does not exist",
        Errno.Access => $"{order.Program} may not be executed",
        Errno.NotExecutableFormat => $"{order.Program} is no program and has no #! line",
        Errno.TooBig => TooBig(order),
        Errno.TextBusy => $"{order.Program} is being written",
        Errno.Again => "the host has no process to spare",
        _ => $"{order.Program}: {Text(error)}",
    };

    /// <summary>What the C library calls an error.</summary>
    public static string Text(int error) => Marshal.GetPInvokeErrorMessage(error);

    private static string TooBig(SpawnOrder order)
    {
        for (var i = 1; i < order.Arguments.Count; i++)
        {
            if (Encoding.UTF8.GetByteCount(order.Arguments[i]) > LongestArgument)
            {
                return $"argument {i} is longer than {LongestArgument} bytes";
            }
        }

        return "its arguments and environment are too long";
    }
}
