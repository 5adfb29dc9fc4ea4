using OpsAgent.Capabilities;

namespace OpsAgent.OpsCtl.Settings;

/// <summary>The facility's file of settings, for the commands that cron starts: it has none of them in its environment.</summary>
internal static class FacilityFile
{
    /// <summary>The same surroundings with the file's lines over their environment.</summary>
    /// <param name="surroundings">As they are.</param>
    /// <param name="otherwise">The file that is taken if none is named; null: none.</param>
    /// <exception cref="OpsCtlException">It can't be read (exit 78).</exception>
    public static Surroundings Over(Surroundings surroundings, string? otherwise = null)
    {
        if ((surroundings.Variable("EPICPROD_ENV_FILE") ?? otherwise) is not { } path)
        {
            return surroundings;
        }

        try
        {
            var all = new Dictionary<string, string>(surroundings.Environment, StringComparer.Ordinal);
            foreach (var (name, value) in EnvironmentFile.Read(path).Values)
            {
                all[name] = value;
            }

            return surroundings with { Environment = all };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OpsCtlException(
                ExitCode.Configuration,
                $"the facility's settings can't be read: {e.Message}",
                "correct EPICPROD_ENV_FILE, or run as a user who may read it",
                e);
        }
    }
}
