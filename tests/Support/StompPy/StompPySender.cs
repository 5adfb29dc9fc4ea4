using System.Diagnostics;

namespace OpsAgent.Tests.Support.StompPy;

/// <summary>Sends with stomp.py, the library of the facility's present senders.</summary>
public static class StompPySender
{
    /// <summary>Sends each body, waits for the broker's receipt of the last.</summary>
    public static async Task SendAsync(StompPyEndpoint endpoint, string destination, IEnumerable<string> bodies, bool contentLength = false, bool persistent = false)
    {
        var start = new ProcessStartInfo(StompPyEndpoint.Python) { RedirectStandardInput = true, RedirectStandardError = true };
        start.ArgumentList.Add(StompPyEndpoint.Script);
        start.ArgumentList.Add("send");
        start.ArgumentList.Add(destination);
        foreach (var (name, value) in endpoint.Environment(contentLength))
        {
            start.Environment[name] = value;
        }

        start.Environment["STOMP_PERSISTENT"] = persistent ? "1" : "0";
        using var process = Process.Start(start) ?? throw new InvalidOperationException("python3 did not start");
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(string.Join('\n', bodies));
        process.StandardInput.Close();
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        await process.WaitForExitAsync(late.Token);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"stomp.py could not send: {await errors}");
        }
    }
}
