using System.Collections.Concurrent;

namespace OpsAgent.Capabilities.Credentials;

/// <summary>
/// Looks at credentials: the gate before a doer's start, the agent's status and <c>opsctl doctor</c> judge by this one. Each look opens
/// the file anew; what is in it is read again whenever the kernel says that it may be another. Safe for many at once.
/// </summary>
/// <param name="environment">Where variables are looked up.</param>
/// <param name="user">Whose file it may be, beside root's, where no owners are named; null: anybody's.</param>
/// <param name="time">The clock.</param>
public sealed class CredentialJudge(IReadOnlyDictionary<string, string> environment, uint? user, TimeProvider time)
{
    private const int ForOthers = 7;
    private const uint Root = 0;

    /// <summary>A content may be changed twice within one tick of a file's time: until that is over it is read each time.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan OtherClocks = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(string Path, CredentialKind Kind), (CredentialFileFacts Facts, CredentialContent Content)> _read = [];

    /// <summary>Looks as this process's own user.</summary>
    public static CredentialJudge OfThisUser(IReadOnlyDictionary<string, string> environment, TimeProvider time) =>
        new(environment, Users.Own, time);

    /// <summary>Where the panda client keeps its token; null if neither its folder nor the home folder is known.</summary>
    public static string? PandaToken(IReadOnlyDictionary<string, string> environment) =>
        environment.GetValueOrDefault("PANDA_CONFIG_ROOT") is { Length: > 0 } root ? Path.Combine(root, ".token")
        : environment.GetValueOrDefault("HOME") is { Length: > 0 } home ? Path.Combine(home, ".pathena", ".token") : null;

    /// <summary>Looks at one.</summary>
    public CredentialVerdict Judge(CredentialDefinition credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        if (credential.Kind == CredentialKind.Value)
        {
            return new CredentialVerdict(credential, CredentialState.Good, null);
        }

        if (credential.Kind == CredentialKind.BearerToken
            && environment.GetValueOrDefault(BearerTokenPlace.Value) is { Length: > 0 } token)
        {
            return Lives(credential, null, BearerTokenPlace.Value, CredentialContent.Of(CredentialKind.BearerToken, token), isWritable: false);
        }

        if (PathOf(credential) is not { } path)
        {
            return new CredentialVerdict(
                credential, CredentialState.Unset, null, $"{credential.Variable ?? "PANDA_CONFIG_ROOT"} is not set");
        }

        return Path.IsPathFullyQualified(path)
            ? JudgeFile(credential, path)
            : new CredentialVerdict(credential, CredentialState.Unreadable, path, $"{path} is no absolute path");
    }

    /// <summary>Its file by the environment; null if nothing names one.</summary>
    public string? PathOf(CredentialDefinition credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        if (credential.Kind == CredentialKind.BearerToken)
        {
            return BearerTokenPlace.PathOf(environment, user ?? Users.Own);
        }

        var named = credential.Variable is { } variable ? environment.GetValueOrDefault(variable) : null;
        return named is { Length: > 0 } ? named
            : credential.Path is { } path ? AtHome(path)
            : credential.Kind == CredentialKind.OidcToken ? PandaToken(environment) : null;
    }

    private string? AtHome(string path) =>
        !path.StartsWith("~/", StringComparison.Ordinal) ? path
        : environment.GetValueOrDefault("HOME") is { Length: > 0 } home ? Path.Combine(home, path[2..]) : null;

    private CredentialVerdict JudgeFile(CredentialDefinition credential, string path)
    {
        using var file = CredentialFile.Open(path, credential.Follow, out var state, out var problem);
        return file is null ? new CredentialVerdict(credential, state, path, $"{path} {problem}") : JudgeOpened(credential, path, file, file.IsWritable);
    }

    internal CredentialVerdict JudgeOpened(CredentialDefinition credential, string path, CredentialFile file, bool isWritable)
    {
        if (Exposure(credential, file.Facts) is { } exposure)
        {
            return new CredentialVerdict(credential, CredentialState.Exposed, path, $"{path} {exposure}");
        }

        try
        {
            return Lives(credential, path, path, ContentOf(credential.Kind, path, file), isWritable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new CredentialVerdict(credential, CredentialState.Unreadable, path, $"{path} can't be read: {e.Message}");
        }
    }

    private string? Exposure(CredentialDefinition credential, CredentialFileFacts facts)
    {
        // Whatever was written: nothing for others, ever.
        var most = credential.ModeMax & ~ForOthers;
        if ((facts.Permissions & ~most) != 0)
        {
            return $"has mode 0{Convert.ToString(facts.Permissions, 8)}: at most 0{Convert.ToString(most, 8)} is allowed";
        }

        var isOwners = credential.Owners.Count > 0
            ? credential.Owners.Any(o => Users.NumberOf(o) == facts.Owner)
            : user is null || facts.Owner == user || facts.Owner == Root;
        return isOwners ? null
            : $"belongs to uid {facts.Owner}: only {(credential.Owners.Count > 0 ? string.Join(", ", credential.Owners) : "this user's own or root's")} is used";
    }

    private CredentialContent ContentOf(CredentialKind kind, string path, CredentialFile file)
    {
        if (_read.TryGetValue((path, kind), out var last) && last.Facts == file.Facts)
        {
            return last.Content;
        }

        var content = file.Read() is { } text ? CredentialContent.Of(kind, text) : CredentialContent.Garbled("is empty or too large");
        if (time.GetUtcNow() - file.Facts.Changed > Tick)
        {
            _read[(path, kind)] = (file.Facts, content);
        }

        return content;
    }

    private CredentialVerdict Lives(CredentialDefinition credential, string? path, string shown, CredentialContent content, bool isWritable)
    {
        var now = time.GetUtcNow();
        if (content.Fault is { } fault)
        {
            return new CredentialVerdict(credential, CredentialState.Unreadable, path, $"{shown} {fault}");
        }

        if (content.Begins > now + OtherClocks)
        {
            return new CredentialVerdict(
                credential, CredentialState.Unreadable, path, $"{shown} is not valid before {At(content.Begins.Value)}") { Ends = content.Ends };
        }

        var renewable = content.HasRefresh && !(content.RefreshEnds <= now);
        var left = content.Ends - now;
        var verdict = new CredentialVerdict(credential, CredentialState.Good, path) { Ends = content.Ends, IsRenewable = renewable };
        if (left is null || (left > TimeSpan.Zero && left >= credential.MinLife) || (renewable && isWritable))
        {
            return verdict;
        }

        var also = renewable ? "; it could be renewed, but may not be written" : content.HasRefresh ? "; what renews it has ended too" : "";
        return left <= TimeSpan.Zero
            ? verdict with { State = CredentialState.Expired, Problem = $"{shown} expired at {At(content.Ends!.Value)}{also}" }
            : verdict with
            {
                State = CredentialState.Short,
                Problem = $"{shown} ends at {At(content.Ends!.Value)}, and must last {credential.MinLife.TotalSeconds:0} s still{also}",
            };
    }

    private static string At(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
}
