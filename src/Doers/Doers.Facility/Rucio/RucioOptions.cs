namespace OpsAgent.Doers.Facility.Rucio;

/// <summary>Where Rucio is and as whom to speak to it.</summary>
public sealed record RucioOptions
{
    /// <summary>Its base URL.</summary>
    public required Uri Url { get; init; }

    /// <summary>The account.</summary>
    public required string Account { get; init; }

    /// <summary>The virtual organisation; empty sends no header.</summary>
    public required string Vo { get; init; }

    /// <summary>Signs in by name and password; null signs in by the client certificate.</summary>
    public RucioUser? User { get; init; }

    /// <summary>New tokens that one call may ask for when its token has ended.</summary>
    public int Renewals { get; init; }

    /// <summary>One try of getting a token.</summary>
    public TimeSpan TokenLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// All tries of all calls of a run together; a try of any call but the token's may take what is left of it. With the 120 s of
    /// the copy it is 170 s, which leaves 10 s for all else before the facility's agent ends a fetch at 180 s.
    /// </summary>
    public TimeSpan TotalLimit { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary>The wait before the second try; doubled for each next one.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Tries after the first.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>Reads <c>RUCIO_URL</c>, <c>RUCIO_ACCOUNT</c> and <c>RUCIO_VO</c>, with the facility's defaults.</summary>
    public static RucioOptions From(DoerEnvironment environment) => new()
    {
        Url = environment.HttpsBase("RUCIO_URL", "https://nprucio01.sdcc.bnl.gov:443"),
        Account = Header("RUCIO_ACCOUNT", environment.ValueOrDefault("RUCIO_ACCOUNT", "panda")),
        Vo = Header("RUCIO_VO", environment.ValueOrDefault("RUCIO_VO", "eic")),
    };

    /// <summary>
    /// Reads <c>JLAB_RUCIO_URL</c>, <c>_ACCOUNT</c>, <c>_USERNAME</c> and <c>_PASSWORD</c>: the Rucio that holds the campaigns' outputs.
    /// Its tokens live for about an hour; one that ends early is renewed.
    /// </summary>
    public static RucioOptions OfOutputs(DoerEnvironment environment, TimeSpan totalLimit) => new()
    {
        Url = environment.HttpsBase("JLAB_RUCIO_URL", "https://rucio-server.jlab.org:443"),
        Account = Header("JLAB_RUCIO_ACCOUNT", environment.Value("JLAB_RUCIO_ACCOUNT") ?? "eicread"),
        Vo = "",
        User = new RucioUser(
            Header("JLAB_RUCIO_USERNAME", environment.Value("JLAB_RUCIO_USERNAME") ?? "eicread"),
            Header("JLAB_RUCIO_PASSWORD", environment.Value("JLAB_RUCIO_PASSWORD") ?? "eicread")),
        Renewals = 8,
        TokenLimit = TimeSpan.FromSeconds(30),
        TotalLimit = totalLimit,
    };

    /// <summary>The URL of a call.</summary>
    internal Uri At(string path) => new($"{Url.AbsoluteUri.TrimEnd('/')}/{path}");

    private static string Header(string name, string value) => value.All(c => c is > ' ' and <= '~')
        ? value
        : throw new DoerException(DoerExit.Configuration, $"{name} has characters that no header may hold");
}
