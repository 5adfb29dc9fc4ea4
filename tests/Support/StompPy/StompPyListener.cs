using System.Text.Json;
using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.Support.StompPy;

/// <summary>Listens with stomp.py.</summary>
public sealed class StompPyListener : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private StompPyListener(ChildProcess process)
    {
        _process = process;
    }

    /// <summary>The messages so far, in order.</summary>
    public IReadOnlyList<StompPyMessage> Messages =>
        [.. _process.Output.Split('\n').Where(l => l.StartsWith('{')).Select(l => StompPyMessage.Read(JsonDocument.Parse(l).RootElement))];

    /// <summary>Returns once the broker has confirmed every subscription.</summary>
    public static async Task<StompPyListener> StartAsync(StompPyEndpoint endpoint, params string[] destinations)
    {
        var process = ChildProcess.Start(StompPyEndpoint.Python, ["-u", StompPyEndpoint.Script, "listen", .. destinations], endpoint.Environment());
        await process.WritesAsync("READY");
        return new StompPyListener(process);
    }

    /// <summary>The first message, past or to come, that the test is after.</summary>
    public Task<StompPyMessage> ReceivesAsync(Func<StompPyMessage, bool> wanted, string what, TimeSpan? limit = null) => ReceivesAsync(wanted, () => what, limit);

    /// <summary>The same, with a <paramref name="what"/> that is made at the end.</summary>
    public Task<StompPyMessage> ReceivesAsync(Func<StompPyMessage, bool> wanted, Func<string> what, TimeSpan? limit = null) =>
        Eventually.IsAsync(() => Messages.FirstOrDefault(wanted), () => $"{what()}; came: {_process.Output}", limit);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
