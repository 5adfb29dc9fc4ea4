using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.OpsCtl.Doctor.Credentials;

/// <summary>Looks at the panda client's token as at a proxy: its file must be this user's and nobody else's.</summary>
internal static class PandaTokenFile
{
    private const int OpenToOthers = 0x17; // 0027: anything for others, or write for the group
    private const string Renewal = "; the client renews it by its refresh token, as long as that is good";
    private const long SizeLimit = 1 << 20;

    /// <summary>Where the client keeps it.</summary>
    public static string PathOf(DoerEnvironment environment, string home) =>
        Path.Combine(environment.Value("PANDA_CONFIG_ROOT") ?? Path.Combine(home, ".pathena"), ".token");

    /// <param name="path">The file.</param>
    /// <param name="user">Whose it must be; null: anybody's.</param>
    /// <param name="judge">Words the finding.</param>
    /// <param name="now">The time.</param>
    public static Finding Look(string path, uint? user, CredentialJudge judge, DateTimeOffset now)
    {
        try
        {
            using var file = File.OpenHandle(path);
            if (FileStatus.Of(path) is not { IsRegular: true } status)
            {
                return judge.Bad(CredentialStatus.Unreadable, path, "is no regular file", judge.Renew);
            }

            if ((status.Permissions & OpenToOthers) != 0)
            {
                return judge.Bad(
                    CredentialStatus.Exposed,
                    path,
                    $"has mode 0{Convert.ToString(status.Permissions, 8)}: others may use it",
                    $"chmod 0600 {path}");
            }

            if (user is { } who && status.Owner != who)
            {
                return judge.Bad(
                    CredentialStatus.Exposed,
                    path,
                    $"belongs to {Accounts.NameOf(status.Owner)}: the client could not renew it",
                    $"chown {Accounts.NameOf(who)} {path}");
            }

            var bytes = new byte[Math.Min(RandomAccess.GetLength(file), SizeLimit)];
            var text = System.Text.Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0));
            return PandaToken.TryParse(text) is { } token
                ? judge.Lives(path, token.Ends, now, token.IsRenewable ? Renewal : "")
                : judge.Bad(CredentialStatus.Unreadable, path, "holds no token with an end", judge.Renew);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return judge.Bad(CredentialStatus.Missing, path, "does not exist", judge.Renew);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return judge.Bad(
                CredentialStatus.Unreadable, path, $"can't be read: {e.Message}", $"let it belong to the service's user: ls -l {path}");
        }
    }
}
