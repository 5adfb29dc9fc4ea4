namespace OpsAgent.Doers.Facility;

/// <summary>A doer's log: lines on stderr. A reader that has gone never stops the work.</summary>
public sealed class DoerLog(TextWriter writer)
{
    private readonly Lock _gate = new();
    private bool _broken;

    /// <summary>Writes one line of ours; foreign parts of it must have gone through <see cref="OneLine"/>.</summary>
    public void Line(string text) => Write(text);

    /// <summary>Writes the one line that says why the doer fails.</summary>
    public void Error(string text) => Write("ERROR: " + OneLine.Of(text, 2000));

    private void Write(string line)
    {
        lock (_gate)
        {
            if (_broken)
            {
                return;
            }

            try
            {
                writer.WriteLine(line);
                writer.Flush();
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or UnauthorizedAccessException)
            {
                // The log's reader or disk is gone; the files and the exit code still tell how it went.
                _broken = true;
            }
        }
    }
}
