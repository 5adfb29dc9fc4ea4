using System.Globalization;
using System.Runtime.InteropServices;

namespace OpsAgent.Capabilities.Credentials;

/// <summary>Users by the numbers that files carry.</summary>
internal static class Users
{
    private static readonly Lock Gate = new(); // the call answers in memory that the next one uses again
    private static readonly int NumberAt = 2 * IntPtr.Size; // behind the name and the password

    /// <summary>This process's own.</summary>
    public static uint Own => Posix.EffectiveUser();

    /// <summary>The number of a user of that name, or the number that is written; null if there is no such user.</summary>
    public static uint? NumberOf(string name)
    {
        if (uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        lock (Gate)
        {
            var entry = Posix.UserByName(name);
            return entry == IntPtr.Zero ? null : (uint)Marshal.ReadInt32(entry, NumberAt);
        }
    }
}
