namespace OpsAgent.Tests.Facility.Monitor;

/// <summary>A way for a call of the monitor to go wrong.</summary>
public sealed record MonitorFault
{
    /// <summary>Calls that it meets; later ones are answered well.</summary>
    public int Times { get; init; } = int.MaxValue;

    /// <summary>Wait before whatever comes.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Never answer.</summary>
    public bool Hang { get; init; }

    /// <summary>Break the connection before the answer.</summary>
    public bool Abort { get; init; }

    /// <summary>Answer with this status.</summary>
    public int? Status { get; init; }

    /// <summary>Answer 302 to there, as the login does.</summary>
    public string? RedirectTo { get; init; }

    /// <summary>Answer with this body, with <see cref="Status"/> or 200.</summary>
    public string? Body { get; init; }

    /// <summary>With the body: its content type.</summary>
    public string ContentType { get; init; } = "text/html";

    /// <summary>Do what was asked for before answering wrongly: the caller does not learn that it was done.</summary>
    public bool AfterTheDeed { get; init; }
}
