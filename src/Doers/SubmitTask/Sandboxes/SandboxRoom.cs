using System.Security.Cryptography;
using System.Text.RegularExpressions;
using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.Doers.SubmitTask.Sandboxes;

/// <summary>All sandboxes: <c>&lt;state&gt;/submit/&lt;hash of the task's name&gt;-&lt;random&gt;</c>.</summary>
internal sealed partial class SandboxRoom(string stateFolder, DoerLog log, TimeProvider time)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const uint PrivateFolder = 0x1C0; // 0700

    /// <summary>The folder that holds them.</summary>
    public string Path { get; } = System.IO.Path.Combine(stateFolder, "submit");

    /// <summary>Makes a fresh one, with <c>work</c> and <c>control</c> in it.</summary>
    public Sandbox Create(string task)
    {
        Directory.CreateDirectory(stateFolder, OwnerOnly);
        Directory.CreateDirectory(Path, OwnerOnly);
        var random = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var name = $"{RunLock.HashOf(task)}-{random}";
        using var room = Folder.OpenRoot(Path);
        using var made = room.Create(name, PrivateFolder);
        var sandbox = Of(name);
        try
        {
            using var work = made.Create("work", PrivateFolder);
            using var control = made.Create("control", PrivateFolder);
            return sandbox;
        }
        catch
        {
            Remove(sandbox);
            throw;
        }
    }

    /// <summary>The one that is named, by its folder's name or path; it must be directly in this room, and no link.</summary>
    public Sandbox Find(string named)
    {
        var name = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(named));
        var path = System.IO.Path.Combine(Path, name);
        var isHere = named == name || System.IO.Path.GetFullPath(named) == path;
        if (!isHere || !FolderName().IsMatch(name))
        {
            throw new DoerException(DoerExit.Usage, $"--resume: {OneLine.Of(named)} is no sandbox in {Path}");
        }

        var folder = new DirectoryInfo(path);
        return folder.Exists && folder.LinkTarget is null
            ? Of(name)
            : throw new DoerException(DoerExit.Usage, $"--resume: {path} does not exist");
    }

    /// <summary>Those of one task that are open: prun was started there and nobody knows what came of it, or PCS does not.</summary>
    /// <param name="task">The task's name.</param>
    /// <param name="alias">Says whether a sandbox of another name is of this task too.</param>
    /// <exception cref="DoerException">One of this name can't be read, so that it may be open: in doubt.</exception>
    public IReadOnlyList<(Sandbox Sandbox, JournalState State)> OpenOf(string task, Func<JournalState, bool>? alias = null)
    {
        var open = new List<(Sandbox, JournalState)>();
        foreach (var sandbox in All())
        {
            if (StateOf(sandbox, out var fault) is { } state)
            {
                if (state.IsOpen && (state.Task == task || alias?.Invoke(state) == true))
                {
                    open.Add((sandbox, state));
                }
            }
            else if (sandbox.Name.StartsWith($"{RunLock.HashOf(task)}-", StringComparison.Ordinal))
            {
                throw new DoerException(
                    SubmitExit.InDoubt,
                    $"in doubt: an earlier prun may have been started in {sandbox.Path}, whose journal can't be read ({fault}): "
                    + "mend it, or remove the folder if PanDA does not have the task");
            }
        }

        return open;
    }

    /// <summary>
    /// Removes those whose last change is older than <paramref name="age"/>; never one that is open, or whose journal can't be read.
    /// </summary>
    public void Prune(TimeSpan age)
    {
        var oldest = time.GetUtcNow() - age;
        foreach (var sandbox in All())
        {
            if (LastChange(sandbox) < oldest && StateOf(sandbox, out _) is { IsOpen: false })
            {
                Remove(sandbox);
            }
        }
    }

    private static DateTimeOffset LastChange(Sandbox sandbox) => new[] { sandbox.Path, sandbox.File("control"), sandbox.Output }
        .Where(System.IO.Path.Exists).Select(p => (DateTimeOffset)Directory.GetLastWriteTimeUtc(p)).Max();

    // Only where there is no such folder there is none of them: one that can't be read is a failure.
    private List<Sandbox> All()
    {
        try
        {
            return [.. new DirectoryInfo(Path).EnumerateDirectories().Where(d => d.LinkTarget is null && FolderName().IsMatch(d.Name)).Select(d => Of(d.Name))];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private JournalState? StateOf(Sandbox sandbox, out string fault)
    {
        fault = "";
        try
        {
            return sandbox.Journal.Read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = OneLine.Of(e.Message);
            log.Line($"{sandbox.Path}: journal not read: {fault}");
            return null;
        }
    }

    private void Remove(Sandbox sandbox)
    {
        try
        {
            Directory.Delete(sandbox.Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Line($"{sandbox.Path}: not removed: {OneLine.Of(e.Message)}");
        }
    }

    private Sandbox Of(string name) => new(System.IO.Path.Combine(Path, name), log, time);

    [GeneratedRegex(@"\A[0-9a-f]{16}-[0-9a-f]{12}\z", RegexOptions.CultureInvariant)]
    private static partial Regex FolderName();
}
