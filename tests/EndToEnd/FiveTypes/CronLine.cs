using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.EndToEnd.FiveTypes;

/// <summary>
/// A line of a crontab as cron runs it: by /bin/sh, with the few variables that cron sets and no others; and with every file system
/// read-only but for the folders that a doer may write.
/// </summary>
internal static class CronLine
{
    // The temporary folders are below a file system that is made read-only: what may be written is bound onto itself first.
    private const string Isolate = """
        set -e
        line=$1
        shift
        mount --make-rprivate /
        for folder in "$@"; do mount --bind "$folder" "$folder"; done
        mount --bind / /mnt
        for folder in "$@"; do mount --bind "$folder" "/mnt$folder"; done
        mount -t proc proc /mnt/proc
        mount --rbind /dev /mnt/dev
        mount -o remount,bind,ro /mnt
        exec env -i HOME="$HOME" LOGNAME=wenauseic SHELL=/bin/sh PATH=/usr/bin:/bin unshare --root=/mnt --wd=/ /bin/sh -c "$line"
        """;

    /// <summary>Runs it to its end.</summary>
    /// <param name="line">What stands behind the five times and the user.</param>
    /// <param name="home">The user's home.</param>
    /// <param name="writable">Folders that may be written.</param>
    public static async Task<ProgramRun> RunAsync(string line, string home, params string[] writable)
    {
        string[] user = Environment.IsPrivilegedProcess ? [] : ["--user", "--map-root-user"];
        await using var cron = ChildProcess.Start(
            "unshare", [.. user, "--mount", "--pid", "--fork", "/bin/sh", "-c", Isolate, "cron", line, .. writable],
            new Dictionary<string, string> { ["HOME"] = home });
        return new ProgramRun(await cron.ExitAsync(), cron.Output);
    }
}
