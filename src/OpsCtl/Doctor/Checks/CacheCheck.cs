using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.OpsCtl.Doctor.Checks;

/// <summary>The scratch that doers write and the web server, another user, reads.</summary>
internal sealed class CacheCheck(DoctorScene scene) : IDoctorCheck
{
    private const string Variable = "SWF_TMP_DIR";
    private const long LeastFree = 10L << 30;

    public string Name => "cache";

    public Task RunAsync(Findings findings, CancellationToken stop)
    {
        var path = Path.TrimEndingDirectorySeparator(scene.Environment.AbsolutePath(Variable, "/data/swf-tmp"));
        if (FileStatus.Of(path) is not { IsFolder: true } status)
        {
            findings.Fail(
                "folder", $"{path} is no folder that this user can see", $"install -d -m 2775 -o wenauseic -g eic {path}, or correct {Variable}");
            return Task.CompletedTask;
        }

        Judge(path, status, findings);
        if (scene.User is not null)
        {
            TellWritable(path, findings);
        }

        FolderFacts.TellSpace(path, LeastFree, findings);
        return Task.CompletedTask;
    }

    /// <summary>Owner and mode: what the web server needs, and what nobody should have.</summary>
    internal static void Judge(string path, FileStatus status, Findings findings)
    {
        var line = $"{path} {FolderFacts.Of(status)}";
        if ((status.Permissions & FolderFacts.ReadableByOthers) != FolderFacts.ReadableByOthers)
        {
            findings.Fail("folder", $"{line}: the web server, another user, can't read it", $"chmod 2775 {path}");
        }
        else if (FolderFacts.ClosedAbove(path) is { } closed)
        {
            findings.Fail("folder", $"{line}, but the web server, another user, can't pass {closed}", $"chmod o+x {closed}");
        }
        else if ((status.Permissions & FolderFacts.WritableByOthers) != 0)
        {
            findings.Warn("folder", $"{line}: everybody may write there what pages then show", $"chmod 2775 {path}");
        }
        else if ((status.Permissions & FolderFacts.InheritsGroup) == 0)
        {
            findings.Warn("folder", $"{line}: without setgid new folders get their maker's group", $"chmod 2775 {path}");
        }
        else
        {
            findings.Ok("folder", line);
        }
    }

    private static void TellWritable(string path, Findings findings)
    {
        if (UserRights.MayMakeFilesIn(path))
        {
            findings.Ok("writing", "this user may write there");
        }
        else
        {
            findings.Fail(
                "writing", $"this user may not write into {path}", $"let it belong to the service's user: chown wenauseic:eic {path}");
        }
    }
}
