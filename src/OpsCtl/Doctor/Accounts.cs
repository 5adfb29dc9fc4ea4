using System.Runtime.InteropServices;

namespace OpsAgent.OpsCtl.Doctor;

/// <summary>A user of this machine, wherever its users are kept.</summary>
/// <param name="Name">The login.</param>
/// <param name="User">The user's number.</param>
/// <param name="Group">The main group's number.</param>
/// <param name="Home">The home folder.</param>
internal sealed record Account(string Name, uint User, uint Group, string Home);

/// <summary>Looks users and groups up by the system's own way, and lets root's process become one of them.</summary>
internal static partial class Accounts
{
    private static readonly Lock Gate = new(); // the calls answer in memory that the next one uses again
    private static readonly int FirstNumber = 2 * IntPtr.Size; // behind the name and the password
    private static readonly int HomeAt = (3 * IntPtr.Size) + (2 * sizeof(uint));

    /// <summary>The user of that name; null if there is none.</summary>
    public static Account? Find(string name)
    {
        lock (Gate)
        {
            var entry = UserByName(name);
            return entry == IntPtr.Zero ? null : new Account(name, Number(entry, 0), Number(entry, sizeof(uint)), Text(entry, HomeAt));
        }
    }

    /// <summary>The user's name, or its number if it has none.</summary>
    public static string NameOf(uint user) => Named(UserByNumber, user);

    /// <summary>The group's name, or its number if it has none.</summary>
    public static string NameOfGroup(uint group) => Named(GroupByNumber, group);

    /// <summary>From now on this process, all of its threads, is that user's, with its groups. There is no way back.</summary>
    /// <exception cref="OpsCtlException">It is not allowed (exit 1).</exception>
    public static void Become(Account account)
    {
        if (SetGroups(account.Name, account.Group) != 0 || SetGroup(account.Group) != 0 || SetUser(account.User) != 0)
        {
            throw new OpsCtlException(
                ExitCode.Negative, $"this process may not become {account.Name}", $"only root may: sudo -u {account.Name} opsctl doctor");
        }
    }

    private static string Named(Func<uint, IntPtr> find, uint number)
    {
        lock (Gate)
        {
            var entry = find(number);
            return entry == IntPtr.Zero ? $"{number}" : Text(entry, 0);
        }
    }

    private static uint Number(IntPtr entry, int behind) => (uint)Marshal.ReadInt32(entry, FirstNumber + behind);

    private static string Text(IntPtr entry, int offset) => Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(entry, offset)) ?? "";

    [LibraryImport("libc", EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial IntPtr UserByName(string name);

    [LibraryImport("libc", EntryPoint = "getpwuid")]
    private static partial IntPtr UserByNumber(uint user);

    [LibraryImport("libc", EntryPoint = "getgrgid")]
    private static partial IntPtr GroupByNumber(uint group);

    [LibraryImport("libc", EntryPoint = "initgroups", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetGroups(string user, uint group);

    [LibraryImport("libc", EntryPoint = "setgid")]
    private static partial int SetGroup(uint group);

    [LibraryImport("libc", EntryPoint = "setuid")]
    private static partial int SetUser(uint user);
}
