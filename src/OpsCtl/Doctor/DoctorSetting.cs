using OpsAgent.Capabilities;
using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.OpsCtl.Doctor;

/// <summary>The variables and the user that are judged.</summary>
/// <param name="Surroundings">With the variables that count.</param>
/// <param name="Doubts">Lines of the environment file that may not mean what they say.</param>
/// <param name="User">Whose rights count; null if it is root's process.</param>
internal sealed record DoctorSetting(Surroundings Surroundings, IReadOnlyList<string> Doubts, uint? User)
{
    private const string Root = "root";

    /// <summary>Puts the file's variables over the process's own, as the agent does; then becomes the user, if one is named.</summary>
    public static DoctorSetting Of(Surroundings surroundings, string? environmentFile, string? asUser)
    {
        var variables = new Dictionary<string, string>(surroundings.Environment, StringComparer.Ordinal);

        // Before the user is changed: systemd reads the file as root too.
        var doubts = environmentFile is null ? [] : Overlay(environmentFile, variables);
        if (asUser is null)
        {
            var user = UserRights.User;
            return new DoctorSetting(surroundings with { Environment = variables }, doubts, user == 0 ? null : user);
        }

        var account = Accounts.Find(asUser)
            ?? throw new OpsCtlException(ExitCode.Usage, $"--as-user: there is no user {asUser} on this host", "name the unit's User=");
        if (UserRights.User != account.User)
        {
            Accounts.Become(account);
        }

        (variables["HOME"], variables["USER"], variables["LOGNAME"]) = (account.Home, account.Name, account.Name);
        var own = surroundings with { Environment = variables, HomeFolder = account.Home, UserName = account.Name };
        return new DoctorSetting(own, doubts, account.Name == Root ? null : account.User);
    }

    private static IReadOnlyList<string> Overlay(string path, Dictionary<string, string> variables)
    {
        try
        {
            var file = EnvironmentFile.Read(path);
            foreach (var (name, value) in file.Values)
            {
                variables[name] = value;
            }

            return file.Doubts;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OpsCtlException(
                ExitCode.Configuration,
                $"the environment file can't be read: {e.Message}",
                "name a file that this user may read with --environment-file",
                e);
        }
    }
}
