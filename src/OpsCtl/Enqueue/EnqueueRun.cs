using OpsAgent.OpsCtl.Bus;
using OpsAgent.OpsCtl.Output;
using OpsAgent.OpsCtl.Settings;

namespace OpsAgent.OpsCtl.Enqueue;

/// <summary>
/// Hands a message over in up to four attempts, with the pauses of the facility's present script between them. The same message
/// each time: an attempt whose receipt was lost may have arrived, and the agent knows it again by its request id.
/// </summary>
internal sealed class EnqueueRun(Surroundings surroundings, BrokerSettings settings, Screen screen)
{
    /// <summary>For one connection: a broker that is busy may take long to shake hands.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReceiptTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60)];

    /// <exception cref="OpsCtlException">No attempt succeeded (exit 1).</exception>
    public async Task SendAsync(BusRequest request, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var failure = await TryAsync(request, cancellationToken);
            if (failure is null)
            {
                return;
            }

            var last = attempt == Pauses.Length;
            var next = last ? "" : $"; again in {Pauses[attempt].TotalSeconds:0} s";
            screen.Note($"attempt {attempt + 1} of {Pauses.Length + 1} failed: {failure.Message}{next}");
            if (last)
            {
                throw new OpsCtlException(
                    ExitCode.Negative, $"giving up on {request.Destination} after {attempt + 1} attempts", failure.Advice, failure);
            }

            await Task.Delay(Pauses[attempt], surroundings.Time, cancellationToken);
        }
    }

    private async Task<OpsCtlException?> TryAsync(BusRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await using var bus = surroundings.Bus(settings);
            await bus.ConnectAsync(AttemptTimeout, cancellationToken);
            await bus.SendConfirmedAsync(request, cancellationToken).WaitAsync(ReceiptTimeout, surroundings.Time, cancellationToken);
            return null;
        }
        catch (TimeoutException e)
        {
            return new OpsCtlException(
                ExitCode.Unreachable,
                $"the broker at {settings.Address} did not confirm the message within {ReceiptTimeout.TotalSeconds:0} s",
                "it may have arrived all the same; see whether the broker is overloaded",
                e);
        }
        catch (OpsCtlException e) when (e.ExitCode != ExitCode.Configuration)
        {
            return e;
        }
    }
}
