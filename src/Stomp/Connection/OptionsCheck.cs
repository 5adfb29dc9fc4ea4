using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Connection;

/// <summary>Everything that is wrong with options, said at once.</summary>
internal static class OptionsCheck
{
    /// <exception cref="ArgumentException">Something is wrong.</exception>
    public static void Check(StompClientOptions options)
    {
        var wrong = Wrong(options).ToList();
        if (wrong.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", wrong), nameof(options));
        }

        if (options.Tls is { } tls)
        {
            _ = TlsFiles.Load(tls, options.Endpoints[0].Host);
        }
    }

    private static IEnumerable<string> Wrong(StompClientOptions o)
    {
        if (o.Endpoints.Count == 0)
        {
            yield return "there is no endpoint";
        }

        foreach (var endpoint in o.Endpoints.Where(e => e.Port is < 1 or > 65535 || string.IsNullOrWhiteSpace(e.Host)))
        {
            yield return $"no such endpoint: {Printable.Line(endpoint.ToString())}";
        }

        if (o.AcceptVersions.Count == 0 || o.AcceptVersions.Any(v => !StompVersions.TryParse(v, out _)))
        {
            yield return "AcceptVersions are some of 1.0, 1.1 and 1.2";
        }

        // CONNECT knows no escapes, so a line end in a password would be a header of its own.
        foreach (var (name, value) in new[] { ("Login", o.Login), ("Passcode", o.Passcode), ("VirtualHost", o.VirtualHost), ("ClientId", o.ClientId) })
        {
            if (value is not null && value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
            {
                yield return $"{name} holds a line end or NUL";
            }
        }

        if (o.HeartBeatSend < TimeSpan.Zero || o.HeartBeatReceive < TimeSpan.Zero || Largest(o.HeartBeatSend, o.HeartBeatReceive) > TimeSpan.FromDays(1))
        {
            yield return "heart-beats are from zero to a day";
        }

        if (o.ConnectTimeout <= TimeSpan.Zero || o.WriteTimeout <= TimeSpan.Zero || Largest(o.ConnectTimeout, o.WriteTimeout) > TimeSpan.FromDays(1))
        {
            yield return "ConnectTimeout and WriteTimeout are more than zero and at most a day";
        }

        if (o.ReceiptTimeout <= TimeSpan.Zero || o.ReceiptTimeout > TimeSpan.FromDays(1))
        {
            yield return "ReceiptTimeout is more than zero and at most a day";
        }

        if (o.MaxReconnectDelay < TimeSpan.Zero || o.MaxReconnectDelay > TimeSpan.FromDays(1))
        {
            yield return "MaxReconnectDelay is from zero to a day";
        }

        var l = o.Limits;
        if (new[] { l.MaxHeaders, l.MaxHeaderBytes, l.MaxBodyBytes, l.MaxWaitingMessages, l.MaxWaitingBytes, l.MaxUnsentBytes }.Min() < 1)
        {
            yield return "each limit is at least 1";
        }
    }

    private static TimeSpan Largest(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
