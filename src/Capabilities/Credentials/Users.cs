using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;

namespace OpsAgent.Capabilities.Credentials;

/// <summary>Users by the numbers that files carry.</summary>
internal static class Users
{
    /// <summary>Who was found once: the directory of users may be on a server that hangs, and is not asked at each look.</summary>
    private static readonly ConcurrentDictionary<string, uint> Found = new(StringComparer.Ordinal);

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

        if (Found.TryGetValue(name, out number))
        {
            return number;
        }

        lock (Gate)
        {
            var entry = Posix.UserByName(name);
            return entry == IntPtr.Zero ? null : Found[name] = (uint)Marshal.ReadInt32(entry, NumberAt);
        }
    }
}
