using System.Text;

namespace OpsAgent.Agent.Hosting;

/// <summary>The configuration in force as lines of <c>key = value   # origin</c>; secrets hidden.</summary>
internal static class ConfigurationText
{
    private const int OriginColumn = 60;

    public static string Of(EffectiveConfiguration settings)
    {
        var text = new StringBuilder($"# settings from {settings.File}, the environment and the command line, in rising order\n");
        foreach (var value in settings.Values)
        {
            var assignment = $"{value.Setting.Key} = {value.Shown}";
            text.Append(assignment.PadRight(OriginColumn)).Append(" # ").Append(value.Origin).Append('\n');
        }

        return text.ToString();
    }
}
