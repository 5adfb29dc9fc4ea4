using System.Net;
using System.Security.Cryptography;
using OpsAgent.Agent.Monitor;

namespace OpsAgent.Agent.Hosting;

/// <summary>Makes the monitor's options, and refuses what would send the token in the clear.</summary>
internal static class MonitorSettings
{
    /// <summary>Empty, or http(s) with a host and no query.</summary>
    public static readonly SettingForm BaseUrl = new(
        static text => text.Length == 0 || Parse(text) is not null ? null : $"is '{text}'; it must be like https://HOST[:PORT]/PATH",
        static s =>
        {
            s["type"] = "string";
            s["pattern"] = "^([hH][tT][tT][pP][sS]?://[^\\s?#@]+)?$";
        });

    /// <summary>Reads valid settings; adds to <paramref name="errors"/> what does not go together.</summary>
    public static MonitorOptions Read(EffectiveConfiguration settings, List<string> errors)
    {
        var api = Checked(AgentSettings.MonitorUrl, settings, errors);
        var streams = settings[AgentSettings.MonitorHttpUrl].TrimEnd('/'); // no token goes there
        if (api.Length == 0 && streams.Length == 0)
        {
            return MonitorOptions.Off;
        }

        return new MonitorOptions
        {
            Api = api,
            Streams = streams.Length > 0 ? streams : api,
            Token = settings[AgentSettings.MonitorToken],
            AsksForId = api.Length > 0 && !settings.IsGiven(AgentSettings.Id),
            CaFile = $"{api} {streams}".Contains("https:", StringComparison.OrdinalIgnoreCase) ? CaFile(settings, errors) : null,
            ActionTimeout = ActionTimeout(settings, errors),
        };
    }

    private static string Checked(Setting setting, EffectiveConfiguration settings, List<string> errors)
    {
        var url = settings[setting].TrimEnd('/');
        if (Parse(url) is { Scheme: "http" } plain && !IsLoopback(plain) && plain.Host != settings[AgentSettings.AllowPlaintext])
        {
            errors.Add($"{setting.Key}: {plain.Host} is not this machine, and {url} is not https: set an https URL, "
                + $"or OPSAGENT_ALLOW_PLAINTEXT={plain.Host} to send the token in the clear");
        }

        return url;
    }

    private static string? CaFile(EffectiveConfiguration settings, List<string> errors)
    {
        var file = settings[AgentSettings.MonitorCaBundle];
        if (file.Length == 0)
        {
            return null;
        }

        try
        {
            MonitorTransport.Authorities(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            errors.Add($"{AgentSettings.MonitorCaBundle.Key}: {e.Message}");
        }

        return file;
    }

    private static TimeSpan ActionTimeout(EffectiveConfiguration settings, List<string> errors)
    {
        var timeout = Duration.Parse(settings[AgentSettings.ActionTimeout]);
        if (timeout <= TimeSpan.Zero)
        {
            errors.Add($"{AgentSettings.ActionTimeout.Key} is 0: no record could ever be sent");
        }

        return timeout;
    }

    private static Uri? Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            && url is { Query: "", Fragment: "", UserInfo: "" } && !text.Any(char.IsWhiteSpace)
                ? url
                : null;

    private static bool IsLoopback(Uri url) =>
        url.Host == "localhost" || (IPAddress.TryParse(url.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));
}
