using System.Text;

namespace OpsAgent.Agent.Hosting;

/// <summary>The configuration in force as lines of <c>key = value   # origin</c>.</summary>
internal static class ConfigurationText
{
    private const int OriginColumn = 60;

    public static string Of(Startup startup)
    {
        var text = new StringBuilder($"# in force, from {startup.Settings.File}, the environment and the command line, in rising order\n");
        foreach (var entry in EffectiveEntries.Of(startup))
        {
            text.Append($"{entry.Key} = {entry.Value}".PadRight(OriginColumn)).Append(" # ").Append(entry.Origin).Append('\n');
        }

        return text.ToString();
    }
}
