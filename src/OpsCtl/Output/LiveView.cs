using OpsAgent.OpsCtl.Terminal;

namespace OpsAgent.OpsCtl.Output;

/// <summary>
/// Shows the same again and again until Ctrl-C or until nobody reads: on a terminal in its place, in a pipe one block or one JSON
/// document after the other. Only the first failure ends it; a later one, such as an agent that is restarted, is shown and outlasted.
/// </summary>
internal sealed class LiveView(Surroundings surroundings, OutputFormat format, TimeSpan interval)
{
    private readonly bool _inPlace = surroundings.OutCanRedraw && format == OutputFormat.Text;

    /// <param name="show">Shows it once on the screen that it is given.</param>
    /// <param name="cancellationToken">Ctrl-C, which is how a live view ends.</param>
    public async Task RunAsync(Func<Screen, CancellationToken, Task> show, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, surroundings.ReaderGone());
        try
        {
            if (_inPlace)
            {
                await RedrawAsync(show, end.Token);
            }
            else
            {
                await RepeatAsync(show, end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Asked for.
        }
    }

    private async Task RepeatAsync(Func<Screen, CancellationToken, Task> show, CancellationToken cancellationToken)
    {
        var screen = new Screen(surroundings, format);
        string? failure = null;
        for (var first = true; ; first = false)
        {
            try
            {
                await show(screen, cancellationToken);
                failure = null;
                if (!screen.Json)
                {
                    screen.Line("");
                }
            }
            catch (OpsCtlException e) when (!first)
            {
                // Told once, not at every interval.
                if (e.Message != failure)
                {
                    Complaint.Tell(surroundings, screen.Json, e.Message, e.Advice);
                    failure = e.Message;
                }
            }

            await Task.Delay(interval, surroundings.Time, cancellationToken);
        }
    }

    private async Task RedrawAsync(Func<Screen, CancellationToken, Task> show, CancellationToken cancellationToken)
    {
        var frame = await FrameAsync(show, cancellationToken);
        using (var picture = new LivePicture(surroundings))
        {
            using var changed = new SemaphoreSlim(0);
            using var changes = surroundings.TerminalChanges(change =>
            {
                picture.Follow(change);
                if (change != TerminalChange.Suspending)
                {
                    changed.Release();
                }
            });
            try
            {
                while (true)
                {
                    picture.Draw(frame, $"every {Ages.Of(interval)}; {surroundings.Time.GetUtcNow():HH:mm:ss} UTC; Ctrl-C ends it");
                    await WaitAsync(changed, cancellationToken);
                    frame = await NextFrameAsync(show, cancellationToken);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The last picture stays, below.
            }
        }

        await surroundings.Out.WriteAsync(frame);
    }

    /// <summary>Until the interval is over, or the terminal has changed.</summary>
    private async Task WaitAsync(SemaphoreSlim changed, CancellationToken cancellationToken)
    {
        using var next = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var interrupted = changed.WaitAsync(next.Token);
        await Task.WhenAny(interrupted, Task.Delay(interval, surroundings.Time, next.Token));
        await next.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task<string> NextFrameAsync(Func<Screen, CancellationToken, Task> show, CancellationToken cancellationToken)
    {
        try
        {
            return await FrameAsync(show, cancellationToken);
        }
        catch (OpsCtlException e)
        {
            var text = new StringWriter { NewLine = "\n" };
            Complaint.Tell(surroundings with { Error = text, ErrorIsTerminal = true }, json: false, e.Message, e.Advice);
            return text.ToString();
        }
    }

    private async Task<string> FrameAsync(Func<Screen, CancellationToken, Task> show, CancellationToken cancellationToken)
    {
        var text = new StringWriter { NewLine = "\n" };
        await show(new Screen(surroundings with { Out = text, Error = text }, OutputFormat.Text), cancellationToken);
        return text.ToString();
    }
}
